"""Seeded faults: each breaks one law, and the kit must catch each."""

from dataclasses import replace
from typing import Any

from hub.contract import AuthLost, Refused, Throttled, Unavailable, Written
from hub.contract.kit.mutants import Mutant


def _always(answer: Any) -> Any:
    return lambda genuine: lambda *given, **named: answer


def _instead(old: type[Exception], new: Any) -> Any:
    """The same function, where one error leaves as another."""

    def replacement(genuine: Any) -> Any:
        def faulty(*given: Any) -> Any:
            try:
                return genuine(*given)
            except old as error:
                raise new(str(error)) from None

        return faulty

    return replacement


def _each_alone(genuine: Any) -> Any:
    return lambda ctx, events: [genuine(ctx, [event])[0] for event in events]


def _reversed(genuine: Any) -> Any:
    return lambda ctx, events: genuine(ctx, events[::-1])


def _whole_batch(genuine: Any) -> Any:
    def faulty(ctx: Any, told: Any) -> Any:
        refused = genuine(ctx, told)
        return {contact: "Refused." for contact, _ in told.values()} if refused else refused

    return faulty


def _an_hour_on(genuine: Any) -> Any:
    def faulty(at: Any) -> Any:
        done = genuine(at)
        return replace(done, since={kind: ms + 3_600_000 for kind, ms in done.since.items()})

    return faulty


def _without_origin(genuine: Any) -> Any:
    return lambda outcome: {
        k: v for k, v in genuine(outcome).items() if k != "relais_consent_origin"
    }


def _by_modified(genuine: Any) -> Any:
    return lambda settings, row: (genuine(settings, row)[0], str(row.get("updatedAt")))


def _page_forgotten(genuine: Any) -> Any:
    return lambda at, seen, full: None


def _never_told(genuine: Any) -> Any:
    return lambda ctx, told: [Written(f"callback:{one.reference}") for one in told]


MUTANTS = (
    Mutant("the signature is not checked", "signature", "_same", _always(answer=True)),
    Mutant("a stale or early delivery is accepted", "signature", "_check_time", _always(None)),
    Mutant("a missing secret lets everybody in", "signature", "_secret", _always("")),
    Mutant("every delivery has the same name", "events", "dedupe", _always("one")),
    Mutant("a 429 is taken for a refusal", "answers", "check", _instead(Throttled, Refused)),
    Mutant("a 429 is taken for an outage", "answers", "check", _instead(Throttled, Unavailable)),
    Mutant("the wait of a 429 is not heard", "answers", "_wait", _always(1.0)),
    Mutant("a lacking right is a lost sign-in", "answers", "check", _instead(Refused, AuthLost)),
    Mutant("an answer that is no JSON is believed", "answers", "_readable", _always(None)),
    Mutant("the next page is forgotten", "cursor", "after_page", _page_forgotten),
    Mutant("the next reading begins too late", "cursor", "closed", _an_hour_on),
    Mutant("each event is fetched alone", "enrich", "enrich", _each_alone),
    Mutant("whole events come in another order", "enrich", "enrich", _reversed),
    Mutant("a key hangs on the date of our own writing", "enrich", "_contact_key", _by_modified),
    Mutant("our own consent is a person's word", "people", "_is_echo", _always(answer=False)),
    Mutant("the origin of a consent is not written", "write_back", "_consent", _without_origin),
    Mutant("a repeated write is made again", "timeline", "_found_again", _always({})),
    Mutant("the mark is not written", "timeline", "_sign", _always("")),
    Mutant("one bad record fails the batch", "write_back", "_update", _whole_batch),
    Mutant(
        "a 207's errors are not read",
        "batches",
        "_errors",
        _always({}),
        test="test_write_back.py::test_a_contact_that_is_gone_is_refused_alone",
    ),
    Mutant("steps are not told how it went", "actions", "_tell", _never_told),
    Mutant("unsubscribing leaves the action", "apps", "remove_definition", _always(None)),
    Mutant("unsubscribing leaves the webhooks", "apps", "remove_subscription", _always(None)),
    Mutant(
        "an order hides behind the click that led to it",
        "write_back",
        "_RANK",
        lambda ranked: tuple(kind for kind in ranked if kind != "bought"),
        test="test_write_back.py::test_a_click_and_the_order_it_brought_are_told_on_the_contact",
    ),
    Mutant(
        "an order put down late hides what is newer",
        "write_back",
        "_standing",
        _always({}),
        test="test_write_back.py::test_an_order_is_put_down_late_and_hides_nothing_newer",
    ),
)
