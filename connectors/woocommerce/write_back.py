"""Outcomes → one private note each on the order, and its newest state as order meta."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from hub.contract import Context, Outcome, Refused, Written

from . import client
from .documents import identity, moment, rows, text

NOTED = "sent,delivered,failed,clicked,bought,replied,opted_out"

# What may follow what within one second, so that a repeated "sent" never hides a "delivered".
_RANK = (
    *("skipped", "sent", "failed", "delivered", "read"),
    *("clicked", "bought", "replied", "opted_out"),
)

_Stamp = tuple[datetime, int]


def write(ctx: Context, outcomes: Sequence[Outcome]) -> list[Written]:
    """Answers in the outcomes' order. A note carries its outcome's marker and is added once."""
    written: dict[int, Written] = {}
    by_order: dict[str, list[int]] = {}
    for index, outcome in enumerate(outcomes):
        number = _order_of(outcome)
        if number:
            by_order.setdefault(number, []).append(index)
        else:
            written[index] = Written(refused="A cart has no record in the shop to write on.")
    for number, indexes in by_order.items():
        answers = _tell(ctx, number, [outcomes[i] for i in indexes])
        written.update(zip(indexes, answers, strict=True))
    return [written[index] for index in range(len(outcomes))]


def _order_of(outcome: Outcome) -> str:
    noun, _, number = outcome.subject.partition(":")
    return identity(number) if noun == "order" else ""


def _tell(ctx: Context, number: str, outcomes: Sequence[Outcome]) -> list[Written]:
    try:
        references = _note(ctx, number, outcomes)
        _update_meta(ctx, number, outcomes)
    except Refused as error:
        gone = error.code in ("404", "410")
        words = "The order no longer exists in the shop." if gone else error.words
        return [Written(refused=words) for _ in outcomes]
    return [Written(reference) for reference in references]


def _note(ctx: Context, number: str, outcomes: Sequence[Outcome]) -> list[str]:
    wanted = ctx.settings.get("note_outcomes", NOTED).replace(" ", "").split(",")
    standing = client.notes(ctx, number)
    references = []
    for outcome in outcomes:
        if outcome.kind not in wanted:
            references.append(f"order:{number}")
            continue
        found = _standing(standing, outcome.marker)
        if not found:
            note = _words(outcome)
            found = client.add_note(ctx, number, note)
            standing.append({"id": found, "note": note})
        references.append(f"note:{found}")
    return references


def _standing(notes: Sequence[Mapping[str, Any]], marker: str) -> str:
    sign = _sign(marker)
    return next((str(n.get("id", "")) for n in notes if sign in text(n.get("note"), 10_000)), "")


def _words(outcome: Outcome) -> str:
    said = f" «{outcome.text[:1000]}»" if outcome.kind == "replied" and outcome.text else ""
    sentence = outcome.sentence if outcome.text in outcome.sentence else outcome.sentence + said
    # The shop shows notes as HTML: what a person texted must stay text.
    return f"{escape(sentence, quote=False)} {_sign(outcome.marker)}"


def _sign(marker: str) -> str:
    return f"[relais {escape(marker, quote=False)}]"


def _update_meta(ctx: Context, number: str, outcomes: Sequence[Outcome]) -> None:
    standing = _meta(client.order(ctx, number))
    wished = _values(outcomes, _newest(standing))
    changed = {key: value for key, value in wished.items() if standing.get(key) != value}
    # Every write comes back as an order.updated: none is made that changes nothing.
    if changed:
        client.set_meta(ctx, number, changed)


def _values(outcomes: Sequence[Outcome], newest: _Stamp | None) -> dict[str, str]:
    values: dict[str, str] = {}
    for outcome in sorted(outcomes, key=_stamp):
        at = outcome.at.astimezone(UTC).isoformat(timespec="seconds")
        values[f"_relais_{outcome.kind}_at"] = at
        if outcome.kind == "opted_out":
            values["_relais_opted_out"] = "yes"
        if newest is None or _stamp(outcome) >= newest:
            values["_relais_status"] = outcome.kind
            values["_relais_message_id"] = outcome.message_id
            values["_relais_updated_at"] = at
    return values


def _stamp(outcome: Outcome) -> _Stamp:
    return outcome.at.replace(microsecond=0), _rank(outcome.kind)


def _newest(standing: Mapping[str, str]) -> _Stamp | None:
    at = moment(standing.get("_relais_updated_at"))
    return (at, _rank(standing.get("_relais_status", ""))) if at else None


def _rank(kind: str) -> int:
    return _RANK.index(kind) if kind in _RANK else -1


def _meta(order: Mapping[str, Any]) -> dict[str, str]:
    return {text(row.get("key")): text(row.get("value")) for row in rows(order.get("meta_data"))}
