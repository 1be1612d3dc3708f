"""The inbox: what needs an answer first, live while it is open."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hub.store import threads
from hub.store.database import Row
from hub.store.threads import TABS, Tab
from hub.web.pages.inbox import answering, one, rows
from hub.web.pages.inbox.desk import PATH, wing
from hub.web.pages.inbox.words import TABS as WORDS
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Shown

__all__ = ["answering", "one", "wing"]

EACH = 50
MOST = 100  # counted so far
_INSTANT = "%Y%m%dT%H%M%S.%f"


@wing.way(f"GET {PATH}", may="see")
def listing(visit: Visit) -> Shown:
    """A page of threads."""
    return Shown("inbox/list.html", _values(visit, _before(visit)))


@wing.way(f"GET {PATH}/live", may="see")
def live(visit: Visit) -> Shown:
    """The first page again, where anything on it is otherwise than its `mark` says; else 204."""
    values = _values(visit, None)
    if values["mark_of_list"] == visit.args.get("mark"):
        return Shown("messages/_same.html", status=204)
    return Shown("inbox/_list.html", values)


def _values(visit: Visit, before: tuple[datetime, UUID] | None) -> dict[str, Any]:
    tab, members = _tab(visit), rows.team(visit)
    with visit.begin() as db:
        found = threads.page(db, visit.workspace_id, tab, visit.user_id, before, EACH + 1)
        lines = rows.lines_of(visit, db, found[:EACH], members)
        open_ones = threads.open_count(db, visit.workspace_id, MOST)
    last = found[EACH - 1] if len(found) > EACH else None
    at = f"{PATH}?tab={tab}"
    return {
        "here": PATH, "tab": tab, "lines": lines, "open_ones": open_ones, "most": MOST,
        "which": [(name, words, f"{PATH}?tab={name}") for name, words in WORDS.items()],
        "newer": at if before else "",
        "older": f"{at}&before={_place(last)}" if last else "",
        "is_live": before is None,
        "mark_of_list": f"{rows.mark_of(lines)}{open_ones}",
    }  # fmt: skip


def _tab(visit: Visit) -> Tab:
    wanted = visit.args.get("tab", "")
    return next((name for name in TABS if name == wanted), "needs")


def _place(last: Row) -> str:
    return f"{last['received_at'].astimezone(UTC):{_INSTANT}Z}~{last['id']}"


def _before(visit: Visit) -> tuple[datetime, UUID] | None:
    at, _, reply_id = visit.args.get("before", "").partition("~")
    try:
        return datetime.strptime(at, f"{_INSTANT}%z"), UUID(reply_id)
    except ValueError:
        return None
