"""What somebody asks of the log: filters as they stand in the address, read, and said as chips."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.contract import NotAPhone, Phone
from hub.store import log_lines, numbers, workspaces
from hub.store.database import Row, first_id
from hub.store.log import GROUPS, NEEDS, Wanted
from hub.store.messages import RANK
from hub.store.numbers import TOKEN
from hub.web.pages import states, written
from hub.web.pages.messages.words import REASONS, record_of
from hub.web.pages.visits import Visit

PATH = "/messages"
NAMES = ("state", "person", "automation", "template", "channel", "reason", "connection", "from",
         "to", "about")  # fmt: skip
CHANNELS = {"sms": "SMS", "rcs": "RCS"}
NOUNS = ("order", "booking", "deal", "cart")
_YEARS = range(1971, 2200)


@dataclass(frozen=True)
class Asked:
    """The filters as given, what of them is wrong, and what they mean; `choices` are what there is
    to choose among."""

    form: Mapping[str, str]
    wanted: Wanted
    choices: Mapping[str, Sequence[Row]]
    wrong: Mapping[str, str] = field(default_factory=dict)
    person: str = ""

    def address(self, path: str = PATH, **changes: Any) -> str:
        """The log with these filters, and some of them otherwise; empty ones are left out."""
        kept = {**{n: self.form.get(n, "") for n in NAMES}, **changes}
        query = urlencode({n: v for n, v in kept.items() if v})
        return f"{path}?{query}" if query else path

    def chips(self) -> list[tuple[str, str, str]]:
        """Each filter in words, and the address without it."""
        labels = {
            "person": gettext("Person"), "automation": gettext("Automation"),
            "template": gettext("Template"), "channel": gettext("Channel"),
            "state": gettext("State"), "reason": gettext("Reason"),
            "connection": gettext("Connection"), "from": gettext("From"), "to": gettext("Until"),
            "about": gettext("About"),
        }  # fmt: skip
        given = [n for n in NAMES if self.form.get(n)]
        return [(labels[n], self._said(n), self.address(**{n: ""})) for n in given]

    def _said(self, name: str) -> str:
        value = self.form[name]
        if name in self.choices:
            return str(_chosen(self.choices[name], value, "words") or value)
        said: dict[str, Any] = {
            "person": self.person or value,
            "channel": CHANNELS.get(value, value),
            "state": state_words(value),
            "reason": REASONS.get(value, value),
            "about": record_of(value) or value,
        }
        return str(said.get(name, value))


def read(visit: Visit, db: Connection) -> Asked:
    """The filters of an address."""
    form = {n: v.strip()[:300] for n, v in visit.args.items() if n in NAMES}
    choices = {
        name: [_named(one) for one in found]
        for name, found in log_lines.choices(db, visit.workspace_id).items()
    }
    wrong: dict[str, str] = {}
    person, token = _person(visit, db, form, wrong)
    values = _values(visit, db, form, choices)
    values |= _between(form, wrong)
    wanted = Wanted(phone=token, **values)
    return Asked(form, wanted, choices, wrong, person)


def state_words(name: str) -> str:
    """A state of the log's own, or a message's."""
    own = {"waiting": gettext("Waiting"), NEEDS: gettext("Need you")}
    return own.get(name) or str(states.state_of(name).words)


def is_state(name: str) -> bool:
    """Whether one can ask for it."""
    return name in RANK or name in GROUPS or name == NEEDS


def token_of(visit: Visit, db: Connection, typed: str) -> str:
    """The token of a number that somebody typed. Raises NotAPhone."""
    shop = workspaces.get(db, visit.workspace_id) or {}
    phone = Phone.parse(typed, shop.get("country", ""))
    return numbers.number_of(visit.ground.vault, visit.workspace_id, phone).token


def _person(
    visit: Visit, db: Connection, form: dict[str, str], wrong: dict[str, str]
) -> tuple[str, str]:
    """What to show for the person, and their token."""
    typed = form.get("person", "")
    if not typed:
        return "", ""
    if not TOKEN.fullmatch(typed):
        try:
            typed = form["person"] = token_of(visit, db, typed)
        except NotAPhone:
            wrong["person"] = gettext("This is not a phone number. Write it as the person would.")
            return typed, "-"
    masked = not visit.may("numbers")
    shown = numbers.shown(db, visit.ground.vault, typed, visit.workspace_id, masked=masked)
    return shown, typed


def _values(
    visit: Visit, db: Connection, form: Mapping[str, str], choices: Mapping[str, Sequence[Row]]
) -> dict[str, Any]:
    """The fields of Wanted that are chosen; an unknown one finds nothing, as it should."""
    found: dict[str, Any] = {n: form[n] for n in ("reason",) if form.get(n)}
    if is_state(form.get("state", "")):
        found["state"] = form["state"]
    if form.get("channel") in CHANNELS:
        found["channel"] = form["channel"]
    if form.get("automation"):
        found["automation_id"] = _chosen(choices["automation"], form["automation"], "id") or _NONE
    if form.get("template"):
        slug = form["template"]
        found["template"] = slug
        found["template_id"] = _chosen(choices["template"], slug, "id") or _NONE
        found["via"] = log_lines.sent_by(db, visit.workspace_id, slug)
    if form.get("connection"):
        found |= _connection(visit, form["connection"], choices["connection"])
    if form.get("about"):
        found |= about(visit, db, form["about"])
    return found


_NONE = UUID(int=0)


def _connection(visit: Visit, value: str, known: Sequence[Row]) -> dict[str, Any]:
    """Messages that a carrier took, or that came of what a shop or CRM told."""
    chosen = next((one for one in known if one["value"] == value), None)
    if chosen is None:
        return {"carrier_id": _NONE}
    connector = visit.ground.connectors.get(chosen["connector"])
    carries = connector is not None and connector.carrier is not None
    return {"carrier_id" if carries else "source_id": chosen["id"]}


def about(visit: Visit, db: Connection, subject: str) -> dict[str, Any]:
    """What is about a record: «order:1043»; for a bare number, of whatever noun."""
    named = [subject] if ":" in subject else [f"{noun}:{subject.lstrip('#')}" for noun in NOUNS]
    return {
        "subjects": tuple(named),
        "events": log_lines.events_about(db, visit.workspace_id, named),
    }


def _between(form: dict[str, str], wrong: dict[str, str]) -> dict[str, UUID]:
    """Days in the workspace's zone as the first ids of theirs: ids go in the order of time."""
    found = {}
    for name, bound, more in (("from", "since", 0), ("to", "until", 1)):
        if not form.get(name):
            continue
        try:
            day = date.fromisoformat(form[name])
        except ValueError:
            day = date.min
        if day.year not in _YEARS:
            wrong[name] = gettext("Write the day as 2026-07-14.")
            continue
        begins = datetime.combine(day + timedelta(days=more), time(), written.zone())
        found[bound] = first_id(begins)
    return found


def _chosen(known: Sequence[Row], value: str, name: str) -> Any:
    return next((one[name] for one in known if one["value"] == value), None)


def _named(one: Row) -> Row:
    if one["words"] or "connector" not in one:
        return {**one, "words": one["words"] or one["value"]}
    return {**one, "words": one["connector"]}
