"""The contact's timeline: one communication for each outcome that is noted, made once."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from hub.contract import Context, Outcome, Refused, Unavailable, Written

from . import batches, client
from .documents import identity, part, rows, text, to_ms

_KIND = "communications"
_READ = ("hs_communication_body",)

Row = dict[str, Any]
Told = Mapping[int, tuple[str, Outcome]]
Fresh = tuple[int, str, Outcome]
Types = Mapping[str, str]


def log(ctx: Context, told: Told) -> dict[int, Written]:
    """Answers by the outcomes' own places; (contact, outcome) pairs come in."""
    if not told:
        return {}
    written = _found_again(ctx, told)
    fresh = [(index, *told[index]) for index in told if index not in written]
    types = _types(ctx) if fresh else {}
    for at in range(0, len(fresh), client.BATCH):
        written |= _add(ctx, types, fresh[at : at + client.BATCH])
    return written


def labels(ctx: Context) -> dict[str, str]:
    """The association types from a communication to each kind of record, as the account has them:
    the numbers in the documentation (81 for contacts) are not the same everywhere."""
    return {to: _label(ctx, to) for to in ("contacts", "deals")}


def _label(ctx: Context, to: str) -> str:
    found = client.labels(ctx, _KIND, to)
    own = [row for row in found if row.get("category") == "HUBSPOT_DEFINED"]
    plain = [row for row in own if not row.get("label")] or own
    return identity(plain[0].get("typeId")) if plain else ""


def _types(ctx: Context) -> dict[str, str]:
    """The association types `subscribe` kept; the contacts' one is asked for where it did not."""
    kept = ctx.state.get("labels")
    known = {to: identity(kept.get(to)) for to in kept} if isinstance(kept, Mapping) else {}
    known["contacts"] = known.get("contacts") or _label(ctx, "contacts")
    if not known["contacts"]:
        raise Refused("HubSpot names no way to put a message on a contact's timeline.")
    return known


def _found_again(ctx: Context, told: Told) -> dict[int, Written]:
    """Those that a try before this one may have made, looked for by their mark.

    Not by search, whose index is behind: a contact's own communications are read.
    """
    doubtful = {index: pair for index, pair in told.items() if pair[1].again}
    if not doubtful:
        return {}
    contacts = [contact for contact, _ in doubtful.values()]
    ends = client.associated(ctx, "contacts", contacts, _KIND)
    ids = [one for listed in ends.values() for one in listed]
    marks = {}
    for row in client.records(ctx, _KIND, ids, _READ):
        body = text(part(row, "properties").get("hs_communication_body"), 70_000)
        marks[identity(row.get("id"))] = body
    return {
        index: Written(f"communication:{number}")
        for index, (_, outcome) in doubtful.items()
        for number, body in marks.items()
        if _sign(outcome.marker) in body
    }


def _add(ctx: Context, types: Types, fresh: Sequence[Fresh]) -> dict[int, Written]:
    inputs = [_input(types, contact, outcome) for _, contact, outcome in fresh]
    try:
        answer = client.create(ctx, _KIND, inputs)
    except Refused as error:
        if error.code not in batches.BAD_INPUT:
            raise
        if len(fresh) == 1:
            return {fresh[0][0]: Written(refused=error.words)}
        middle = len(fresh) // 2
        return _add(ctx, types, fresh[:middle]) | _add(ctx, types, fresh[middle:])
    return {index: _written(answer, outcome) for index, _, outcome in fresh}


def _input(types: Types, contact: str, outcome: Outcome) -> Row:
    ends = [(contact, types["contacts"])]
    noun, _, number = outcome.subject.partition(":")
    if noun == "deal" and identity(number) and types.get("deals"):
        ends.append((number, types["deals"]))
    return {
        "objectWriteTraceId": outcome.marker,
        "properties": {
            "hs_communication_channel_type": "SMS",  # there is no value for RCS
            "hs_communication_logged_from": "CRM",
            "hs_communication_body": _words(outcome),
            "hs_timestamp": str(to_ms(outcome.at)),
        },
        "associations": [_association(end, label) for end, label in ends],
    }


def _association(end: str, label: str) -> Row:
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": int(label)}
    return {"to": {"id": end}, "types": [kind]}


def _written(answer: Row, outcome: Outcome) -> Written:
    """The answer's rows come in any order: told by the trace we sent, or by the mark."""
    for row in rows(answer.get("results")):
        body = text(part(row, "properties").get("hs_communication_body"), 70_000)
        if row.get("objectWriteTraceId") == outcome.marker or _sign(outcome.marker) in body:
            return Written(f"communication:{identity(row.get('id'))}")
    for error in rows(answer.get("errors")):
        traces = part(error, "context").get("objectWriteTraceId")
        if isinstance(traces, list) and outcome.marker in traces:
            said = text(error.get("category"), 60).lower() or "no reason given"
            return Written(refused=f"HubSpot refused the note: {said}.")
    raise Unavailable("HubSpot did not say whether it made the note.")


def _words(outcome: Outcome) -> str:
    said = f"<br>«{escape(outcome.text[:5_000], quote=False)}»" if _quotes(outcome) else ""
    # Shown as HTML there: what a person texted must stay text.
    return f"{escape(outcome.sentence, quote=False)}{said}<br>{_sign(outcome.marker)}"


def _quotes(outcome: Outcome) -> bool:
    return bool(outcome.text) and outcome.text not in outcome.sentence


def _sign(marker: str) -> str:
    return f"[relais {escape(marker, quote=False)}]"
