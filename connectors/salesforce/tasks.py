"""One completed Task per message: found again by our message id, one line in it per outcome."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from hub.contract import Outcome, Refused

from . import soql
from .documents import pick, record_id, text
from .mapping import MARKER
from .soql import Query

SUBJECT, DESCRIPTION = 255, 32_000
_WHO = ("003", "00Q")


def marker_field(settings: Mapping[str, str]) -> str:
    """The Task's external id field. Raises Refused."""
    return soql.name(settings.get("marker_field", "").strip() or MARKER)


def reference(outcome: Outcome) -> str:
    """What the Task is found by: the message's id; its marker's for a consent without one, and for
    an order that was bought: in the message's Task it would take the place of what that is about.
    """
    on_order = outcome.kind == "bought" and outcome.subject.startswith("order:")
    own = on_order or not outcome.message_id
    return sha256(outcome.marker.encode()).hexdigest()[:32] if own else outcome.message_id


def standing(settings: Mapping[str, str], references: Sequence[str]) -> Query:
    """The Tasks of these messages."""
    field = marker_field(settings)
    return Query("Task", ("Id", field, "Description"), soql.among(field, references))


def records_of(outcome: Outcome, owner: Mapping[str, str]) -> tuple[str, str]:
    """WhoId and WhatId for an outcome; `owner` gives a booking's Contact or Lead.

    Both empty where Salesforce has nothing that a Task could hang on.
    """
    number = record_id(outcome.subject.partition(":")[2])
    person = record_id(outcome.person_record.partition(":")[2])
    who = next((n for n in (number, person, owner.get(number, "")) if n[:3] in _WHO), "")
    noun = outcome.subject.partition(":")[0]
    fits = noun not in ("booking", "workflow", "cart") and number[:3] not in _WHO
    # Salesforce refuses a Task that is about a lead and about something else too.
    what = number if fits and not who.startswith("00Q") else ""
    return who, what


def task(
    outcomes: Sequence[Outcome],
    known: Mapping[str, Any] | None,
    settings: Mapping[str, str],
    links: tuple[str, str],
) -> dict[str, Any] | None:
    """The Task as it must stand after these outcomes of one message; None if it does already."""
    before = text(pick(known, "Description"), DESCRIPTION) if known else ""
    lines = [line(one) for one in outcomes if sign(one.marker) not in before]
    if known and not lines:
        return None
    last = max(outcomes, key=lambda one: one.at)
    told = [before] if known else _head(outcomes[0])
    who, what = links
    found = {
        "attributes": {"type": "Task"},
        marker_field(settings): reference(last),
        "Subject": _cut(_subject(last.sentence), SUBJECT),
        "Description": _newest("\n".join([*told, *lines])),
        "Status": settings.get("task_status", "").strip() or "Completed",
        "ActivityDate": day(last.at, settings),
    }
    return found | ({"WhoId": who} if who else {}) | ({"WhatId": what} if what else {})


def _subject(sentence: str) -> str:
    return sentence if "SMS" in sentence or "RCS" in sentence else f"SMS: {sentence}"


def line(outcome: Outcome) -> str:
    """One outcome in words, with its mark."""
    said = f" «{outcome.text[:1000]}»" if outcome.kind == "replied" and outcome.text else ""
    sentence = outcome.sentence if outcome.text in outcome.sentence else outcome.sentence + said
    return f"{_plain(sentence)} {sign(outcome.marker)}"


def sign(marker: str) -> str:
    """The mark by which a line is known again."""
    return f"[relais {marker}]"


def day(at: datetime, settings: Mapping[str, str]) -> str:
    """The date in the merchant's own zone: near midnight UTC has another."""
    return at.astimezone(zone(settings)).date().isoformat()


def zone(settings: Mapping[str, str]) -> tzinfo:
    """The zone of the settings. Raises Refused where there is none of that name."""
    typed = settings.get("zone", "").strip()
    try:
        return ZoneInfo(typed) if typed else UTC
    except (ValueError, OSError):
        raise Refused(f"«{typed[:40]}» is no time zone. Write one such as Europe/Paris.") from None


def _head(outcome: Outcome) -> list[str]:
    quoted = outcome.text and outcome.kind not in ("replied", "opted_out", "opted_in")
    return [f"«{_plain(outcome.text[:2000])}»"] if quoted else []


def _newest(told: str) -> str:
    # What is cut is the oldest: the marks of what was told last must stay to be found again.
    return told if len(told) <= DESCRIPTION else "…" + told[1 - DESCRIPTION :]


def _cut(words: str, limit: int) -> str:
    plain = _plain(words)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def _plain(words: str) -> str:
    return text(words, DESCRIPTION)
