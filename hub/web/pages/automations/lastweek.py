"""What a change would have made of last week, before it is published: nothing is sent for it, and
nothing is written."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.automations import drafting
from hub.automations.document import DocumentError
from hub.automations.drafting import Conflict, Sheet
from hub.automations.foreseeing.foresee import foresee_automation, foresee_template
from hub.automations.foreseeing.foreseen import Example, Foreseen, needs_tick
from hub.contract import Phone
from hub.store import counted, drafts, templates, versions
from hub.store.database import Row
from hub.store.numbers import phones
from hub.web.pages.automations.clashing import clash
from hub.web.pages.automations.own import HERE, author, framed, sheet_of, shop_of, whole, wing
from hub.web.pages.automations.reasons import reason_words
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_MOST_SHOWN = 3  # examples of a kind on the page
_AT_ONCE = 50  # events or messages that are read before the page is shown
_MUCH = 2000  # messages of the workspace
_ALL: Mapping[str, int] = {}


@wing.way("GET /automations/<automation>/last-week", may="see")
def of_automation(visit: Visit, automation: str) -> Shown | Go:
    """Last week with what is written now, beside last week with what is published."""
    with visit.begin() as db:
        found, shop = sheet_of(visit, db, automation), shop_of(visit, db)
        wrong = drafting.problems(db, visit.workspace_id, found.document)
    if wrong:
        return Go(f"{HERE}/{automation}", said=_unfinished(len(wrong)))
    foreseen = _foreseen(visit, found, _few(visit))
    values = framed(found, **_values(visit, foreseen, shop))
    return Shown(_part(visit, "automations/last_week"), values)


@wing.way("POST /automations/<automation>/publish", may="write")
def publish(visit: Visit, automation: str) -> Shown | Go:
    """Put the draft in force. What would have changed much last week needs a tick."""
    with visit.begin() as db:
        found, shop = sheet_of(visit, db, automation), shop_of(visit, db)
    if found.draft is None:
        return Go(f"{HERE}/{automation}", said=gettext("There is no draft to publish."))
    back = f"{HERE}/{automation}/last-week"
    try:
        if not visit.form.get("seen_it") and needs_tick(_foreseen(visit, found), shop):
            return Go(
                back, said=gettext("This changes much. Look at it, tick the box, then publish.")
            )
        with visit.begin() as db:
            after = drafting.publish(
                db, visit.workspace_id, automation, by=author(visit), now=visit.ground.clock(),
                expects=whole(visit.form.get("expects", ""), -1),
            )  # fmt: skip
            visit.note(db, "automation.published", automation, version=after.version)
    except DocumentError as error:
        return Go(f"{HERE}/{automation}", said=_unfinished(len(error.problems)))
    except Conflict as conflict:
        return clash(visit, found, found.document, conflict)
    return Go(f"{HERE}/{automation}", said=_published(after))


def _published(sheet: Sheet) -> str:
    if sheet.state in ("live", "test"):
        words = gettext("Version %(number)s is in force.", number=sheet.version)
    else:
        words = gettext(
            "Version %(number)s is published. It sends nothing before you switch it on.",
            number=sheet.version,
        )
    return str(words)


@wing.way("GET /templates/<template>/last-week", may="see")
def of_template(visit: Visit, template: str) -> Shown:
    """How last week's messages would read with a template's draft."""
    with visit.begin() as db:
        known = templates.get(db, visit.workspace_id, template)
        draft = drafts.get(db, visit.workspace_id, "template", template)
        version = known["version"] if known else 0
        waits = not visit.args.get("whole") and _sends_much(visit, db)
        words = versions.document(db, visit.workspace_id, "template", template, version)
        shop = shop_of(visit, db)
    if known is None and draft is None:
        raise Missing(template)
    wanted: Mapping[str, Any] = draft.document if draft else words or {}
    foreseen = None if waits else _reread(visit, template, wanted)
    values = {
        **_values(visit, foreseen, shop),
        "here": "/templates",
        "at": f"/templates/{template}",
        "name": wanted.get("title") or template,
        "draft": draft,
    }
    return Shown(_part(visit, "automations/template_week"), values)


def _sends_much(visit: Visit, db: Connection) -> bool:
    """Whether to find a template's own messages among all would take longer than a page may."""
    since = visit.ground.clock() - timedelta(days=7)
    return counted.messages_since(db, visit.workspace_id, since, _MUCH) == _MUCH


def _reread(visit: Visit, template: str, wanted: Mapping[str, Any]) -> Foreseen:
    return foresee_template(
        visit.ground, visit.workspace_id, template, wanted, now=visit.ground.clock(), **_few(visit)
    )


def _foreseen(visit: Visit, sheet: Sheet, few: Mapping[str, int] = _ALL) -> Foreseen:
    return foresee_automation(
        visit.ground, visit.workspace_id, sheet.slug, sheet.document, now=visit.ground.clock(),
        **few,
    )  # fmt: skip


def _few(visit: Visit) -> Mapping[str, int]:
    """A page is there at once: what takes longer to read is asked for by `whole`."""
    return _ALL if visit.args.get("whole") else {"most": _AT_ONCE}


def _part(visit: Visit, template: str) -> str:
    return f"{template}_part.html" if visit.wants_part else f"{template}.html"


def _unfinished(count: int) -> str:
    return str(gettext("It is not finished: see what is marked below. (%(count)s)", count=count))


def _values(visit: Visit, foreseen: Foreseen | None, shop: Row) -> dict[str, Any]:
    """The figures, and a few examples of each kind with whom they were about; nothing where there
    is more to read than is read at once."""
    if foreseen is None or not (foreseen.whole or visit.args.get("whole")):
        return {"foreseen": None}
    chosen = [(kind, found[:_MOST_SHOWN]) for kind, found in foreseen.examples.items() if found]
    who = _people(visit, [one for _, found in chosen for one in found])
    return {
        "foreseen": foreseen, "examples": chosen, "who": who, "reason_words": reason_words,
        "needs_tick": needs_tick(foreseen, shop),
    }  # fmt: skip


def _people(visit: Visit, examples: list[Example]) -> dict[str, str]:
    """Masked numbers by token."""
    own = [(visit.workspace_id, one.phone) for one in examples if one.phone]
    with visit.begin() as db:
        known: Mapping[tuple[UUID, str], Phone] = phones(db, visit.ground.vault, own)
    return {token: phone.masked for (_, token), phone in known.items()}
