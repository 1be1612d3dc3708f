"""How each system's connection stands, for the page; and looking at one now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hub.connections.health import health_of
from hub.contract import utc_now
from hub.local.cast import CAST
from hub.local.demo.installing import sign_in_again
from hub.local.demo.street import PARTS
from hub.local.demo.town import Town
from hub.store import connections
from hub.store.database import Row

SHOWN = (*PARTS, "phones")
_ICONS = {"healthy": "done", "degraded": "waiting", "installing": "waiting"}


@dataclass(frozen=True)
class Standing:
    """A connection: `state` is healthy, degraded, sign_in, installing or absent; `words` and
    `next_step` are the hub's own sentences. Times are None where nothing came yet."""

    part: str
    title: str
    state: str
    words: str = ""
    next_step: str = ""
    label: str = ""
    quota: str = ""
    checked_at: datetime | None = None
    last_event_at: datetime | None = None
    last_write_back_at: datetime | None = None

    @property
    def icon(self) -> str:
        """In a station's words: done, waiting or stopped."""
        return _ICONS.get(self.state, "stopped")


def standings(town: Town) -> Iterator[Standing]:
    """Every system of the town, in the street's order."""
    known = _rows(town)
    for part in SHOWN:
        row = known.get(CAST[part])
        if row is None:
            other = town.street.others.get(part)
            yield Standing(part, other.title if other else part, "absent", _problem(town, part))
            continue
        found = health_of(row, utc_now())
        yield Standing(
            part=part,
            title=town.ground.connectors[row["connector"]].title,
            state=found.state,
            words=found.words,
            next_step=found.next_step,
            label=row["label"],
            quota=row["quota"],
            checked_at=row["checked_at"],
            last_event_at=row["last_event_at"],
            last_write_back_at=row["last_write_back_at"],
        )


def _problem(town: Town, part: str) -> str:
    other = town.street.others.get(part)
    return other.problem if other else ""


def _rows(town: Town) -> dict[str, Row]:
    with town.ground.database.begin() as db:
        return {r["connector"]: r for r in connections.listed(db, town.workspace_id)}


def check(town: Town, part: str) -> None:
    """Ask the vendor now. Raises LookupError where the part is not connected, NeverCame."""
    connection = _rows(town)[CAST[part]]
    town.api.call("POST", f"/connections/{connection['id']}/check")


def take_consent_away(town: Town) -> None:
    """The CRM's owner takes the consent back; the hub notices at its next look."""
    town.acts.crm.account.sign_in.revoke()
    check(town, "crm")


def give_consent_again(town: Town) -> None:
    """The merchant signs in again. Raises LookupError, NeverCame."""
    connection = _rows(town)[CAST["crm"]]
    sign_in_again(town.api, str(connection["id"]))
    check(town, "crm")
