"""The page of changes: who did what, as a file too, and the proof that no line was touched."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext

from hub.report.cells import as_csv
from hub.store import audit, changes, keys, users
from hub.store.changes import Asked
from hub.store.database import Row
from hub.web.pages.audit import words
from hub.web.pages.visits import Visit
from hub.web.pages.wings import File, Shown, Wing
from hub.web.pages.written import zone

wing = Wing("audit")

_PATH = "/settings/audit"
_PAGE = 50
_MOST = 10_000  # lines of a file
_FILTERS = ("who", "about", "since", "until")


@wing.way(f"GET {_PATH}", may="manage")
def listing(visit: Visit) -> Shown:
    """Who changed what, newest first."""
    return _listing(visit, {})


@wing.way(f"GET {_PATH}.csv", may="manage")
def export(visit: Visit) -> File:
    """The same lines as a file."""
    found = _found(visit, _asked(visit.args), _MOST)
    header = ("line", "at", "who", "what", "object", "detail")
    lines = [
        (r["n"], r["at"].isoformat(), words.who(r), r["what"], r["object"], words.detail(r))
        for r in found
    ]
    return File("changes.csv", "text/csv", as_csv(header, lines))


@wing.way(f"POST {_PATH}", may="manage")
def verify(visit: Visit) -> Shown:
    """Walk the whole chain of this hub."""
    with visit.ground.database.begin() as road:  # lines of all merchants hold one another
        proof = audit.verify(road)
    return _listing(visit, {"proof": proof})


def _listing(visit: Visit, more: Mapping[str, Any]) -> Shown:
    form = {name: visit.args.get(name, "") for name in _FILTERS}
    found = _found(visit, _asked(visit.args), _PAGE + 1)
    known = _known(visit)
    chosen = {name: value for name, value in form.items() if value}
    older = found[_PAGE - 1]["n"] if len(found) > _PAGE else 0
    values = {
        "found": found[:_PAGE], "form": form, "words": words, "known": known,
        "about": [(name, noun[0]) for name, noun in words.NOUNS.items()],
        "chips": _chips(chosen, dict(known)), "query": urlencode(chosen),
        "older": f"{_PATH}?{urlencode({**chosen, 'before': older})}" if older else "",
        "newest": f"{_PATH}?{urlencode(chosen)}" if visit.args.get("before") else "",
        **more,
    }  # fmt: skip
    return Shown("audit/list.html", values)


def _found(visit: Visit, asked: Asked, limit: int) -> Sequence[Row]:
    with visit.ground.database.begin() as road:  # names of users are not a merchant's own
        return changes.page(road, visit.workspace_id, asked, limit)


def _known(visit: Visit) -> list[tuple[str, str]]:
    """By whom lines may be: the team, the keys, the hub."""
    with visit.ground.database.begin() as road:
        team = users.team(road, visit.workspace_id)
        made = keys.listed(road, visit.workspace_id)
    return [
        *((f"user:{one['id']}", one["name"]) for one in team),
        *((f"key:{one['id']}", gettext("The key «%(name)s»", name=one["name"])) for one in made),
        ("clock", gettext("The hub itself")),
    ]


def _asked(args: Mapping[str, str]) -> Asked:
    noun = words.NOUNS.get(args.get("about", ""))
    before = args.get("before", "")
    since, until = _day(args.get("since", "")), _day(args.get("until", ""))
    return Asked(
        who=args.get("who", "")[:100].replace("\x00", ""),
        nouns=noun[1] if noun else (),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 9000 else None


def _midnight(day: date) -> datetime:
    """The start of a day in the workspace's zone."""
    return datetime.combine(day, time(0), zone())


def _chips(chosen: Mapping[str, str], known: Mapping[str, str]) -> list[tuple[str, Any, str]]:
    """What is chosen, each with the address without it."""
    labels = {
        "who": gettext("By"), "about": gettext("About"),
        "since": gettext("From"), "until": gettext("Until"),
    }  # fmt: skip
    return [
        (labels[n], _named(n, v, known), f"{_PATH}?{urlencode(_without(chosen, n))}")
        for n, v in chosen.items()
    ]


def _without(chosen: Mapping[str, str], name: str) -> dict[str, str]:
    return {other: value for other, value in chosen.items() if other != name}


def _named(name: str, value: str, known: Mapping[str, str]) -> Any:
    if name == "about":
        return words.NOUNS[value][0] if value in words.NOUNS else value
    return known.get(value, value)
