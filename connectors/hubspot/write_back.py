"""Outcomes → the contact's timeline and properties, in batches, safe to run twice."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from hub.contract import Context, Outcome, Refused, Written

from . import batches, client, kinds, subscriptions, timeline
from .answers import NO_PROPERTY
from .documents import identity, listed, moment, part, text, to_ms

NOTED = "delivered,failed,clicked,bought,replied,opted_out"

# What may follow what within one moment, so that a repeated "sent" never hides a "delivered".
_RANK = (
    *("skipped", "sent", "failed", "delivered", "read"),
    *("clicked", "bought", "replied", "opted_out"),
)
_NEVER = (0, -1)
_CONSENTS = {"opted_out": "false", "opted_in": "true"}

Row = dict[str, Any]


def write(ctx: Context, outcomes: Sequence[Outcome]) -> list[Written]:
    """Answers in the outcomes' order. Raises the listed errors, where all must be tried again."""
    written: dict[int, Written] = {}
    owners: dict[int, str] = {}
    for index, outcome in enumerate(outcomes):
        contact = _contact_of(outcome)
        if contact:
            owners[index] = contact
        else:
            written[index] = Written(refused=_nobody(outcome))
    refused = _update(ctx, {i: (c, outcomes[i]) for i, c in owners.items()})
    for index, contact in owners.items():
        written[index] = (
            Written(refused=refused[contact])
            if contact in refused
            else Written(f"contact:{contact}")
        )
    alive = {i: (c, outcomes[i]) for i, c in owners.items() if c not in refused}
    written |= timeline.log(ctx, {i: pair for i, pair in alive.items() if _is_noted(ctx, pair[1])})
    return [written[index] for index in range(len(outcomes))]


def _contact_of(outcome: Outcome) -> str:
    noun = outcome.subject.partition(":")[0]
    named = outcome.subject if noun == "contact" else outcome.person_record
    owner, _, number = named.partition(":")
    return identity(number) if noun in kinds.NOUNS and owner == "contact" else ""


def _nobody(outcome: Outcome) -> str:
    noun = outcome.subject.partition(":")[0]
    if noun in kinds.NOUNS and noun != "contact":
        return f"The {noun} has no contact at HubSpot, and results are written on contacts."
    return "This is no record at HubSpot that a result can be written on."


def _is_noted(ctx: Context, outcome: Outcome) -> bool:
    switched = (ctx.settings.get("log_on_timeline") or "true").strip().lower()
    wanted = listed(ctx.settings.get("note_outcomes", NOTED))
    return switched in ("1", "true", "yes", "on") and outcome.kind in wanted


def _update(ctx: Context, told: Mapping[int, tuple[str, Outcome]]) -> dict[str, str]:
    """Write the properties of every contact once; answers why some could not be, by contact."""
    by_contact: dict[str, list[Outcome]] = {}
    for contact, outcome in told.values():
        by_contact.setdefault(contact, []).append(outcome)
    # An order is put down to its message some time after it came: what is newer may stand.
    doubtful = [
        contact
        for contact, theirs in by_contact.items()
        if any(one.again or one.kind == "bought" for one in theirs)
    ]
    standing = _standing(ctx, doubtful)
    inputs, refused = [], {}
    for contact, theirs in by_contact.items():
        if contact in doubtful and contact not in standing:
            refused[contact] = "The contact no longer exists at HubSpot."
            continue
        values = _values(theirs, standing.get(contact, {}))
        if values:
            inputs.append({"id": contact, "properties": values})
    return refused | _send(ctx, inputs)


def _send(ctx: Context, inputs: Sequence[Row]) -> dict[str, str]:
    try:
        return batches.send(ctx, client.update, "contacts", inputs)
    except Refused as error:
        if error.code != NO_PROPERTY:
            raise
    # Somebody deleted a property of ours, or none was made yet: made now, and tried once more.
    subscriptions.make_properties(ctx)
    return batches.send(ctx, client.update, "contacts", inputs)


def _standing(ctx: Context, contacts: Sequence[str]) -> dict[str, Row]:
    names = ("relais_last_at", "relais_last_status", *_own())
    found = client.records(ctx, "contacts", contacts, names)
    return {identity(row.get("id")): dict(part(row, "properties")) for row in found}


def _own() -> tuple[str, ...]:
    texts = ("relais_last_reply", "relais_last_message", "relais_opt_out_at")
    return (*texts, kinds.CONSENT, kinds.ORIGIN)


def _values(outcomes: Sequence[Outcome], standing: Mapping[str, Any]) -> dict[str, str]:
    """What changes on a contact; nothing older is written over something newer."""
    at = moment(standing.get("relais_last_at"))
    newest = (to_ms(at), _rank(text(standing.get("relais_last_status")))) if at else _NEVER
    said = moment(text(standing.get(kinds.ORIGIN)).rpartition(" ")[2])
    said_at = to_ms(said) if said else 0
    values: dict[str, str] = {}
    for outcome in sorted(outcomes, key=_stamp):
        values |= _status(outcome) if _stamp(outcome) >= newest else {}
        # A STOP told late is still a STOP: it is measured against the last consent alone.
        values |= _consent(outcome) if _stamp(outcome)[0] >= said_at else {}
    # A write that changes nothing would still move the record's date of change.
    return {n: value for n, value in values.items() if not _stands(standing, n, value)}


def _stands(standing: Mapping[str, Any], name: str, value: str) -> bool:
    found = text(standing.get(name), 5_000)
    at = moment(found) if name.endswith("_at") else None
    return found == value or (at is not None and str(to_ms(at)) == value)


def _status(outcome: Outcome) -> dict[str, str]:
    values = {"relais_last_status": outcome.kind, "relais_last_at": str(_stamp(outcome)[0])}
    if outcome.kind == "replied":
        values["relais_last_reply"] = outcome.text[:1_000]
    elif outcome.text and outcome.message_id:
        values["relais_last_message"] = outcome.text[:1_000]
    return values


def _consent(outcome: Outcome) -> dict[str, str]:
    granted = _CONSENTS.get(outcome.kind)
    if not granted:
        return {}
    at = outcome.at.astimezone(UTC).isoformat(timespec="milliseconds")
    return {
        kinds.CONSENT: granted,
        # Read back with the consent beside it, this says that the word was ours (see people.py).
        kinds.ORIGIN: f"{granted} {outcome.origin or 'relais'} {at}",
        "relais_opt_out_at": str(_stamp(outcome)[0]) if granted == "false" else "",
    }


def _stamp(outcome: Outcome) -> tuple[int, int]:
    return to_ms(outcome.at), _rank(outcome.kind)


def _rank(kind: str) -> int:
    return _RANK.index(kind) if kind in _RANK else -1
