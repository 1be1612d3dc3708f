"""The page of one automation: its sentence, what last month would have made of it, the phone."""

from typing import Any

import orjson
from babel.lists import format_list
from flask_babel import get_locale, gettext, ngettext

from hub.automations import drafting
from hub.automations.drafting import Conflict, Sheet
from hub.automations.house_rules import caps_of
from hub.store import drafts, templates
from hub.store.database import Row
from hub.web.pages.automations import choices
from hub.web.pages.automations.adding import added, removed
from hub.web.pages.automations.clashing import clash
from hub.web.pages.automations.drawn import Document, Texts, drawn, listed, section
from hub.web.pages.automations.outlook import outlook
from hub.web.pages.automations.own import HERE, author, framed, sheet_of, shop_of, whole, wing
from hub.web.pages.automations.spoken import condition_words
from hub.web.pages.automations.taken import taken
from hub.web.pages.automations.values import kind_of
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_PLACES = frozenset(
    {"name", "trigger", "send", "send.kind", "send.template", "delay", "cancel_on", "conditions",
     "once_per", "restart", "if_late", "window", "preferred_hour", "holdout", "split",
     "on_uncertain"}
)  # fmt: skip
_LONGEST = 100_000  # characters of a document: twenty conditions are a tenth of it


@wing.way("GET /automations/<automation>", may="see")
def sheet(visit: Visit, automation: str) -> Shown:
    """One automation, as it is written now."""
    with visit.begin() as db:
        found = sheet_of(visit, db, automation)
    return _drawn(visit, found, found.document, found.expects)


@wing.way("POST /automations/<automation>/look", may="see")
def look(visit: Visit, automation: str) -> Shown:
    """The same with what the form says, which is not kept: words changed, a condition more or one
    less."""
    with visit.begin() as db:
        found = sheet_of(visit, db, automation)
    document = _written(visit, found)
    what, _, which = visit.form.get("do", "").partition(":")
    if what == "add":
        document = added(document, which)
    elif what == "drop":
        rows, _, place = which.partition(":")
        document = removed(document, rows, whole(place, 99))
    return _drawn(visit, found, document, whole(visit.form.get("expects", "")))


@wing.way("POST /automations/<automation>/save", may="write")
def save(visit: Visit, automation: str) -> Shown | Go:
    """Keep the draft; then on to where its button leads."""
    try:
        with visit.begin() as db:
            found = sheet_of(visit, db, automation)
            drafting.save(
                db, visit.workspace_id, automation, _written(visit, found),
                expects=whole(visit.form.get("expects", "")), by=author(visit),
                now=visit.ground.clock(), based_on=whole(visit.form.get("seen", "")) or None,
            )  # fmt: skip
    except Conflict as conflict:
        return clash(visit, found, _written(visit, found), conflict)
    if visit.form.get("then") == "last-week":
        return Go(f"{HERE}/{automation}/last-week")
    said = gettext("The draft is kept. Nothing of it is in force before you publish it.")
    return Go(f"{HERE}/{automation}", said=said)


@wing.way("POST /automations/<automation>/discard", may="write")
def discard(visit: Visit, automation: str) -> Go:
    """Throw the draft away; one that was never published is gone with it."""
    with visit.begin() as db:
        found = sheet_of(visit, db, automation)
        if found.draft is None or found.draft.version != whole(visit.form.get("expects", "")):
            said = gettext("Somebody changed the draft meanwhile. This is what stands now.")
            return Go(f"{HERE}/{automation}", said=said)
        drafts.drop(db, visit.workspace_id, drafting.WHAT, automation)
    said = gettext("The draft is thrown away.")
    return Go(f"{HERE}/{automation}" if found.version else HERE, said=said)


def _written(visit: Visit, found: Sheet) -> dict[str, Any]:
    """The document that the form was drawn from, with what the form says."""
    sent = visit.form.get("document", "")
    try:
        document = orjson.loads(sent) if len(sent) <= _LONGEST else None
    except orjson.JSONDecodeError:
        document = None
    return taken(document if isinstance(document, dict) else found.document, visit.form)


def _drawn(visit: Visit, found: Sheet, document: Document, expects: int) -> Shown:
    texts = drawn(document)
    with visit.begin() as db:
        shop = shop_of(visit, db)
        rows = templates.listed(db, visit.workspace_id)
    template = next((row for row in rows if row["slug"] == texts["template"]), None)
    asked = {**visit.args, **visit.form}
    values = framed(
        found,
        texts=texts,
        document=orjson.dumps(dict(document)).decode(),
        expects=expects,
        changed=document != found.document,
        options=choices.of_sentence(texts, rows),
        conditions=_conditions(document, texts),
        steps=len(listed(section(document, "delay"), "steps")),
        cancels=len(listed(document, "cancel_on")),
        stepped="steps" in section(document, "delay"),
        template=template,
        caps=_caps(shop, texts["kind"]),
        shop=shop,
        seen=outlook(visit, shop, document, asked, template),
        edits=visit.may("write"),
        known_places=_PLACES,
    )
    return Shown("automations/part.html" if visit.wants_part else "automations/sheet.html", values)


def _conditions(document: Document, texts: Texts) -> list[dict[str, Any]]:
    """Each condition's controls: its field's kind, what can be asked of it."""
    event = texts["event"]
    return [
        {
            "at": f"conditions.{place}",
            "field": texts[f"conditions.{place}.field"],
            "is": texts[f"conditions.{place}.is"],
            "kind": kind_of(event, texts[f"conditions.{place}.field"]),
            "operators": choices.operators(event, texts[f"conditions.{place}.field"]),
            "words": condition_words(row, event),
        }
        for place, row in enumerate(listed(document, "conditions"))
    ]


def _caps(shop: Row, kind: str) -> str:
    """The house's limits on messages of this kind to one person, the lowest for each length of
    time: «3 messages in 1 day and 5 in 1 hour»."""
    lowest: dict[int, int] = {}
    for cap in caps_of(shop):
        if cap.covers(kind):
            lowest[cap.minutes] = min(cap.messages, lowest.get(cap.minutes, cap.messages))
    said = [
        ngettext(
            "%(num)s message in %(length)s", "%(num)s messages in %(length)s", count,
            length=choices.length(minutes),
        )
        for minutes, count in sorted(lowest.items())
    ]  # fmt: skip
    return str(format_list(said, locale=get_locale())) if said else ""
