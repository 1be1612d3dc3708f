"""The calendar's API (v3) as verbs, through google-api-python-client. All calls are here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from hub.contract import Context, Refused, Unavailable

from .documents import Row, rows, text
from .errors import raise_for
from .transport import VENDOR, Transport

API_URL = "https://www.googleapis.com"
PAGE = 250
_MOST_CALENDARS = 20


@dataclass(frozen=True)
class Listed:
    """One page of a calendar's events. `page` names the next one, `sync` comes with the last.

    `updated` is the calendar's last change; `role` is what the credentials may do there.
    """

    events: Sequence[Row]
    page: str
    sync: str
    title: str
    zone: str
    updated: str
    role: str


def calendars(settings: Mapping[str, str]) -> list[str]:
    """The ids of the calendars that were chosen, each once. Raises Refused."""
    typed = f"{settings.get('calendars') or ''},{settings.get('other_calendars') or ''}"
    chosen = list(dict.fromkeys(c.strip() for c in typed.split(",") if c.strip())) or ["primary"]
    if len(chosen) > _MOST_CALENDARS:
        raise Refused(f"More than {_MOST_CALENDARS} calendars are chosen. Choose fewer.")
    return chosen


def listing(ctx: Context, calendar: str, sync: str = "", page: str = "") -> Listed:
    """A page of everything, or of what changed since the token `sync`.

    The parameters must be the same for every page and every token. Raises Refused with code
    410 where a token is too old.
    """
    query = {"pageToken": page} if page else {}
    query |= {"syncToken": sync} if sync else {}
    listed = events(ctx, calendar, showDeleted=True, maxResults=PAGE, **query)
    if not (listed.page or listed.sync):
        raise Unavailable(f"{VENDOR} did not say where to read on.")
    return listed


def events(ctx: Context, calendar: str, **query: Any) -> Listed:
    """Events of a calendar, the occurrences of series each as one; `query` is the vendor's."""
    api = _api(ctx).events()
    found = _done(ctx, api.list(calendarId=calendar, singleEvents=True, **query))
    return Listed(
        events=rows(found.get("items")),
        page=text(found.get("nextPageToken"), 4000),
        sync=text(found.get("nextSyncToken"), 4000),
        title=text(found.get("summary")),
        zone=text(found.get("timeZone"), 60),
        updated=text(found.get("updated"), 40),
        role=text(found.get("accessRole"), 40),
    )


def recent(ctx: Context, calendar: str) -> Listed:
    """The events around today, for a look at what the settings would read."""
    now = ctx.clock()
    times = {
        "timeMin": (now - timedelta(days=60)).isoformat(),
        "timeMax": (now + timedelta(days=60)).isoformat(),
    }
    return events(ctx, calendar, maxResults=PAGE, **times)


def event(ctx: Context, calendar: str, name: str) -> Row:
    """One event by its id; an occurrence of a series too, whatever its id has become."""
    api = _api(ctx).events()
    try:
        return _done(ctx, api.get(calendarId=calendar, eventId=name))
    except Refused as error:
        if error.code != "404" or not _is_occurrence(name):
            raise
    series, _, at = name.rpartition("_")
    first = f"{at[:4]}-{at[4:6]}-{at[6:11]}:{at[11:13]}:{at[13:15]}Z"
    found = _done(ctx, api.instances(calendarId=calendar, eventId=series, originalStart=first))
    for one in rows(found.get("items")):
        return one
    raise Refused("The event is not in the calendar.", code="404")


def _is_occurrence(name: str) -> bool:
    at = name.rpartition("_")[2]
    return len(at) == 16 and at[8] == "T" and at[15] == "Z" and at[:8].isdigit()


def patch(ctx: Context, calendar: str, name: str, etag: str, body: Mapping[str, Any]) -> None:
    """Change fields of an event that is still as `etag` says; no guest is written to.

    Raises Refused with code 412 where somebody changed it meanwhile.
    """
    asked = (
        _api(ctx)
        .events()
        .patch(calendarId=calendar, eventId=name, body=dict(body), sendUpdates="none")
    )
    asked.headers["If-Match"] = etag
    _done(ctx, asked)


def account(ctx: Context) -> str:
    """The id of the credentials' own calendar: the e-mail address of its account."""
    found = _done(ctx, _api(ctx).calendars().get(calendarId="primary"))
    return text(found.get("id"), 254)


def known_calendars(ctx: Context) -> list[tuple[str, str]]:
    """The calendars in the account's own list, as (id, title) pairs."""
    found: list[tuple[str, str]] = []
    page = ""
    for _ in range(20):
        query = {"pageToken": page} if page else {}
        answer = _done(ctx, _api(ctx).calendarList().list(maxResults=PAGE, **query))
        for one in rows(answer.get("items")):
            name, title = text(one.get("id"), 254), text(one.get("summary"))
            if name:
                found.append(("primary" if one.get("primary") is True else name, title or name))
        page = text(answer.get("nextPageToken"), 4000)
        if not page:
            break
    return found


def watch(ctx: Context, calendar: str, body: Mapping[str, Any]) -> Row:
    """Open a channel on a calendar's events."""
    return _done(ctx, _api(ctx).events().watch(calendarId=calendar, body=dict(body)))


def stop(ctx: Context, channel: str, resource: str) -> None:
    """Close a channel; one that is gone already is fine."""
    body = {"id": channel, "resourceId": resource}
    try:
        _execute(ctx, _api(ctx).channels().stop(body=body))
    except Refused as error:
        if error.code not in ("404", "410", "channelUnknown"):
            raise


def _api(ctx: Context) -> Any:
    typed = (ctx.settings.get("api_url") or API_URL).strip().rstrip("/")
    split = urlsplit(typed)
    if split.scheme not in ("http", "https") or not split.hostname or "@" in split.netloc:
        raise Refused("The address of the API is no web address. Correct it in the settings.")
    return _built(f"{split.scheme}://{split.netloc}{split.path}")


@lru_cache(maxsize=16)
def _built(base: str) -> Any:
    # Reading the description takes some milliseconds; who calls is said in each call.
    options = {"api_endpoint": f"{base}/calendar/v3/"}
    return build(
        "calendar",
        "v3",
        http=_Nobody(),
        static_discovery=True,
        cache_discovery=False,
        client_options=options,
    )


class _Nobody:
    """In the place of a transport where none may be used."""

    def close(self) -> None:
        """Nothing is open."""


def _done(ctx: Context, asked: Any) -> Row:
    found = _execute(ctx, asked)
    if not isinstance(found, dict):
        raise Unavailable(f"{VENDOR} answered with something that is not a record.")
    return found


def _execute(ctx: Context, asked: Any) -> Any:
    failed = None
    try:
        return asked.execute(http=Transport(ctx))
    except HttpError as error:
        failed = error
    except ValueError:
        pass
    if failed is not None:
        raise_for(failed)
    raise Unavailable(f"{VENDOR} answered with something that is not JSON.")
