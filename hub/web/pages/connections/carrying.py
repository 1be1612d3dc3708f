"""The last steps of a carrier: what phones show as its sender, and a message to one's own phone."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext

from hub.automations.direct import NoSuchTemplate, ask_for
from hub.connections import install
from hub.connections.forms import BadForm
from hub.contract import VOCABULARY, ConnectorError, Field, NotAPhone, Phone
from hub.send import previewing
from hub.store import numbers, prices, templates, workspaces
from hub.store.database import Row
from hub.web.pages.connections import typed
from hub.web.pages.connections.wing import note, of_row, standing, wing
from hub.web.pages.connections.words import about, steps
from hub.web.pages.retold import told
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_AT = "/connections/<uuid:connection_id>"
_TEMPLATE, _EVENT = "order-confirmed", "order.created"  # every workspace begins with it


@wing.way(f"GET {_AT}/sender", may="connect")
def sender(visit: Visit, connection_id: UUID) -> Shown:
    """The sender, the agent, the pace."""
    return _sender(visit, standing(visit, connection_id))


@wing.way(f"POST {_AT}/sender", may="connect")
def name_sender(visit: Visit, connection_id: UUID) -> Shown | Go:
    """Kept once the carrier takes them."""
    row = standing(visit, connection_id)
    given = typed.read(_optional(visit, row), "set", visit.form)
    try:
        install.fill_in(visit.ground, row, given)
    except BadForm as bad:
        return _sender(visit, row, bad.problems, given)
    except ConnectorError as error:
        return _sender(visit, row, (), given, error.words)
    note(visit, "connection.settings", str(connection_id))
    return Go(f"/connections/{connection_id}/ring")


@wing.way(f"GET {_AT}/ring", may="connect")
def ringing(visit: Visit, connection_id: UUID) -> Shown:
    """A real message to one's own phone: which number, and what it costs."""
    return _ring(visit, standing(visit, connection_id), {})


@wing.way(f"POST {_AT}/ring", may="connect")
def ring(visit: Visit, connection_id: UUID) -> Shown | Go:
    """Send it, the way every message goes."""
    row = standing(visit, connection_id)
    if of_row(visit, row).carrier is None:
        raise Missing
    with visit.begin() as db:
        shop = workspaces.get(db, visit.workspace_id)
    try:
        phone = Phone.parse(visit.form.get("phone", ""), shop["country"] if shop else "")
    except NotAPhone as problem:
        return _ring(visit, row, {"phone": told(str(problem))})
    try:
        sentence, message_id = _send(visit, phone, bool(visit.form.get("tester")))
    except NoSuchTemplate as unknown:
        return _ring(visit, row, {"phone": told(str(unknown))})
    if message_id is None:
        return _ring(visit, row, {"phone": told(sentence)})
    visit.ring("send_transactional")
    words = gettext("The message is on its way to %(phone)s.", phone=phone.masked)
    return Go(f"/messages/{message_id}", said=words)


def _send(visit: Visit, phone: Phone, as_tester: bool) -> tuple[str, UUID | None]:
    ground, shop_id = visit.ground, visit.workspace_id
    values = {n: v for n, v in VOCABULARY[_EVENT].sample().items() if n != "brand"}
    with visit.begin() as db:
        number = numbers.keep(db, ground.vault, shop_id, phone)
        shop = workspaces.get(db, shop_id)
        if as_tester and shop and number.token not in shop["testers"]:
            workspaces.change(db, shop_id, testers=[*shop["testers"], number.token])
        _, message_id, verdict = ask_for(
            db, shop_id, template=_TEMPLATE, number=number, variables=values, language="",
            now=ground.clock(),
        )  # fmt: skip
    return verdict.sentence, message_id


def _sender(
    visit: Visit,
    row: Row,
    problems: Sequence[tuple[str, str]] = (),
    given: Mapping[str, str] | None = None,
    problem: str = "",
) -> Shown:
    known = {**row["settings"], **(given or {})}
    fields = typed.drawn(_optional(visit, row), "set", known, problems)
    values = {"fields": fields, "problem": problem, "row": row}
    return _shown(visit, row, "sender", "connections/sender.html", values, bool(problems))


def _optional(visit: Visit, row: Row) -> list[Field]:
    return [f for f in of_row(visit, row).settings if not (f.required or f.advanced)]


def _ring(visit: Visit, row: Row, wrong: Mapping[str, str]) -> Shown:
    with visit.begin() as db:
        shop = workspaces.get(db, visit.workspace_id)
        kept = templates.get(db, visit.workspace_id, _TEMPLATE)
        known = prices.of_connections(db, [row["id"]])
        made = previewing.preview(
            visit.ground, db, visit.workspace_id, kept, language=shop["language"]
        ) if kept and shop else None  # fmt: skip
    values = {
        "row": row, "wrong": wrong, "form": visit.form, "preview": made,
        "testing": bool(shop and shop["testing"]),
        "price": _price(known, shop["country"] if shop else "", made),
    }  # fmt: skip
    return _shown(visit, row, "ring", "connections/ring.html", values, bool(wrong))


def _price(known: Mapping[Any, tuple[int, str]], country: str, made: Any) -> Any:
    """(micros, currency) of the message as an SMS in the workspace's country, where it is known."""
    by_place = {(channel, land): price for (_, channel, land), price in known.items()}
    found = by_place.get(("sms", country)) or by_place.get(("sms", ""))
    return (found[0] * max(1, len(made["sms"]["parts"])), found[1]) if found and made else None


def _shown(
    visit: Visit, row: Row, here: str, template: str, values: Mapping[str, Any], wrong: bool
) -> Shown:
    slug, connector = row["connector"], of_row(visit, row)
    common = {"about": about(slug, connector), "steps": steps(slug, connector, here, row)}
    return Shown(template, {**common, **values}, 422 if wrong else 200)
