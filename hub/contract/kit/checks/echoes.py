"""What we write must not come back as news: an echo would text people for our own notes."""

from collections.abc import Sequence

from hub.contract import Consent, Event, Outcome
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.calls import outcome
from hub.contract.kit.checks.conditions import can_echo
from hub.contract.kit.reading import drain, listen, news, start
from hub.contract.kit.score import check

KINDS = ("sent", "delivered", "replied", "opted_out", "opted_in", "confirmed")


@check("echo", "What we write on a record does not come back as an event", can_echo)
def echo(bench: Bench) -> None:
    """Heard and polled again from before the writing: no key that was not known before."""
    began, there, subject = start(bench), listen(bench), bench.simulator.subject()
    bench.simulator.change(2)
    before = news(there, began)
    known, since, cursor = {event.key for event in before}, len(bench.ear.heard), start(bench)
    _write(bench, [outcome(bench, subject, k, **_person(before, subject)) for k in KINDS])
    after = news(there, began, since) + (drain(bench, cursor)[0] if cursor else [])
    new = [f"{event.type} «{event.key}»" for event in after if event.key not in known]
    insist(not new, f"What was written came back as news: {', '.join(new)[:200]}.")


@check("consent-echo", "An opt-out that we wrote is not read back as a person's word", can_echo)
def consent(bench: Bench) -> None:
    """Else two systems that the hub connects would tell each other for ever."""
    began, there, subject = start(bench), listen(bench), bench.simulator.subject()
    before = news(there, began)
    said = _consents(before, subject)
    for kind in ("opted_out", "opted_in", "opted_out"):
        told = outcome(bench, subject, kind, origin="another", **_person(before, subject))
        _write(bench, [told])
        new = _consents(news(there, began), subject) - said
        insist(not new, f"After «{kind}» was written, a consent is read that nobody gave.")
    flip = getattr(bench.simulator, "flip_consent", None)
    if flip:
        known = {event.key for event in news(there, began)}
        flip(subject)
        after = news(there, began)
        insist(_consents(after, subject) - said, "What a person said there is not read.")
        fresh = {event.key for event in after} - known
        insist(fresh, "A person changed the record, and the event has the key of the one before.")


def _consents(events: Sequence[Event], subject: str) -> set[tuple[bool, str]]:
    found = [event.person.consent for event in events if event.subject == subject]
    return {(one.granted, one.at.isoformat()) for one in found if isinstance(one, Consent)}


def _person(events: Sequence[Event], subject: str) -> dict[str, str]:
    records = (event.person.record for event in events if event.subject == subject)
    return {"person_record": next(filter(None, records), "")}


def _write(bench: Bench, told: Sequence[Outcome]) -> None:
    target = bench.connector.target
    size = target.batch_size if target else 1
    for at in range(0, len(told), size):
        written = target.write(bench.ctx, told[at : at + size]) if target else ()
        wrong = [one.refused for one in written if one.refused]
        insist(not wrong, f"Writing on the simulator's record was refused: {' '.join(wrong)}")
