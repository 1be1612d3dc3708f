"""What is seen beside a sentence while it is written: what is wrong with it, what last month would
have made of it, and the message on a real person's phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations import drafting
from hub.automations.document import DocumentError
from hub.automations.foreseeing.funnel import Funnel, funnel
from hub.automations.wordings import names_of
from hub.contract.rich import rich_of
from hub.send.previewing import preview
from hub.store import samples
from hub.store.database import Row
from hub.store.numbers import phones
from hub.web.pages.automations.drawn import Document, drawn
from hub.web.pages.visits import Visit

_MOST_NAMES = 8
_MOST_COUNTED = 1000  # events: the page is drawn again at every word


@dataclass(frozen=True)
class Outlook:
    """`wrong` is what keeps it from being published, by where in the document; `funnel` is None
    where there is nothing to count yet. `people` are recent events to show the message for."""

    wrong: Mapping[str, Sequence[str]]
    funnel: Funnel | None
    people: Sequence[tuple[str, str, Any]] = ()
    chosen: str = ""
    wordings: Sequence[str] = ()
    wording: str = ""
    shown: Mapping[str, Any] | None = None
    channel: str = "sms"
    suggested: Mapping[str, Sequence[str]] = field(default_factory=dict)


def outlook(
    visit: Visit,
    shop: Row,
    document: Document,
    asked: Mapping[str, str],
    template: Row | None,
) -> Outlook:
    """`asked` names the person (`sample`, an event's id), the `wording` and the `channel`."""
    with visit.begin() as db:
        wrong = _wrong(visit, db, document)
        lately = samples.lately(db, visit.workspace_id, drawn(document)["event"])
        people = _people(visit, db, lately)
        event = next((e for e in lately if str(e["id"]) == asked.get("sample")), None)
        event = event or (lately[0] if lately else None)
        wordings = names_of(template)
        wording = asked.get("wording", "") if asked.get("wording") in wordings else ""
        shown = _shown(visit, db, template, event, wording, shop) if template else None
    has_rich = bool(shown and shown["rich"])
    return Outlook(
        wrong=wrong,
        funnel=_counted(visit, document),
        people=people,
        chosen=str(event["id"]) if event else "",
        wordings=wordings,
        wording=wording,
        shown=shown,
        channel="rcs" if has_rich and asked.get("channel") != "sms" else "sms",
        suggested=_suggested(lately),
    )


def _wrong(visit: Visit, db: Connection, document: Document) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for problem in drafting.problems(db, visit.workspace_id, document):
        found.setdefault(place_of(problem.field), []).append(problem.words)
    return found


def place_of(path: str) -> str:
    """The line that a problem belongs to: "conditions.0", "delay", "send.template"."""
    path = path.replace("[", ".").replace("]", "")
    first, _, rest = path.partition(".")
    if first in ("conditions", "cancel_on"):
        return f"{first}.{rest.partition('.')[0]}" if rest else first
    if first == "delay" and rest.startswith("steps."):
        return f"steps.{rest.split('.')[1]}"
    if first in ("send", "split"):
        return path
    return first


def _counted(visit: Visit, document: Document) -> Funnel | None:
    try:
        return funnel(
            visit.ground, visit.workspace_id, document, now=visit.ground.clock(), most=_MOST_COUNTED
        )
    except DocumentError:
        return None


def _shown(
    visit: Visit, db: Connection, template: Row, event: Row | None, wording: str, shop: Row
) -> dict[str, Any]:
    """As `preview` gives it, its RCS as a value; for the person's own language where it has it."""
    given = samples.values_of(event) if event else None
    person = event["person"] if event else {}
    language = str(person.get("language") or shop["language"])[:2].lower()
    made = preview(
        visit.ground, db, visit.workspace_id, template,
        language=language, variant=wording, given=given,
    )  # fmt: skip
    content = (made["rcs"] or {}).get("content")
    return {**made, "rich": rich_of(content) if content else None}


def _people(visit: Visit, db: Connection, lately: Sequence[Row]) -> list[tuple[str, str, Any]]:
    """(event's id, name, when) to choose among; numbers are masked for everybody here."""
    own = [(visit.workspace_id, e["phone"]) for e in lately if e["phone"]]
    known = phones(db, visit.ground.vault, own)
    return [(str(e["id"]), _name(e, visit.workspace_id, known), e["occurred_at"]) for e in lately]


def _name(event: Row, workspace_id: UUID, known: Mapping[Any, Any]) -> str:
    phone = known.get((workspace_id, event["phone"]))
    names = (event["person"].get("first_name"), phone.masked if phone else "")
    return " · ".join(str(name) for name in names if name) or "–"


def _suggested(lately: Sequence[Row]) -> dict[str, list[str]]:
    """Short texts that recent events had, by variable: what a condition may ask for."""
    found: dict[str, dict[str, None]] = {}
    for event in lately:
        for name, value in event["data"].items():
            if isinstance(value, str) and 0 < len(value) <= 30 and name in _TELLING:
                found.setdefault(name, {})[value] = None
    return {name: list(values)[:_MOST_NAMES] for name, values in found.items()}


# Variables whose values are few and are nobody's own.
_TELLING = frozenset({"status", "stage", "pipeline", "object", "workflow", "template", "title"})
