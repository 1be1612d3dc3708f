"""The roads worth showing: every answer of an automation, every SMS in the place of an RCS message,
and every confirmation of a STOP."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from hub.local.demo.town import Town
from hub.report.road import Road, roads_of
from hub.store import numbers
from hub.store.database import rows

# Of a crowd that one intake brings, a Flow's two hundred, the last one stands for all.
_CROWD = 6
_LONGEST = 8  # what people can read as a number

# An automation whose conditions do not hold has nothing to tell: most answer most events so.
_WORTH = """
    SELECT d.id, e.subject, d.phone, e.intake_id FROM decisions d
        JOIN events e ON e.id = d.event_id
        WHERE d.workspace_id = :id AND d.reason <> 'conditions'
    UNION ALL SELECT m.id, m.subject, m.phone, NULL FROM messages m
        WHERE m.workspace_id = :id AND (m.decision_id IS NULL OR m.stands_in_for IS NOT NULL)"""


_GOOD = ("sent", "delivered", "read")
_WAITING = ("scheduled", "held", "sending", "uncertain", "waiting")


def stands_in(road: Road) -> bool:
    """Whether it is the road of an SMS that went in the place of an RCS message."""
    return any(label == "In place of" for s in road.stations for label, _ in s.details)


def replaced(road: Road) -> bool:
    """Whether it is the road of an RCS message in whose place an SMS went."""
    return any(station.name == "instead" for station in road.stations)


def ending(road: Road) -> str:
    """How a road stands as a whole, in a station's words: done, waiting or stopped; one on which
    an SMS went in the message's place ends as that did."""
    beneath = next((s.state for s in road.stations if s.name == "instead"), None)
    if beneath:
        return beneath
    if road.state in _GOOD:
        return "done"
    return "waiting" if road.state in _WAITING else "stopped"


def brief(road: Road) -> str:
    """Its title for a list: «Order confirmation · order 12»; with the person where the record has
    no number that people know."""
    name, _, happened = road.title.partition(" · ")
    name += ", by SMS" if stands_in(road) else ""
    about = happened.rpartition("»: ")[2].partition(",")[0].rstrip(".")
    if about and len(about.rpartition(" ")[2]) > _LONGEST:
        about = road.person
    about = about or ("" if happened else road.person)
    return f"{name} · {about}" if about else road.title


def about(town: Town, subjects: Sequence[str], number: str) -> list[Road]:
    """The roads of these subjects and of this number, oldest first."""
    query = f"""SELECT id FROM ({_WORTH}) w WHERE subject = ANY(:subjects)
        OR (:number <> '' AND phone = :number) ORDER BY id"""  # noqa: S608 - our own words
    return _read(town, query, subjects=[s for s in subjects if s], number=town.token_of(number))


def newest(town: Town, limit: int = 12) -> list[Road]:
    """The last roads, newest first."""
    query = f"""SELECT id FROM (SELECT id, intake_id,
            row_number() OVER (PARTITION BY intake_id ORDER BY id DESC) AS place,
            count(*) OVER (PARTITION BY intake_id) AS total FROM ({_WORTH}) w) ranked
        WHERE intake_id IS NULL OR total <= :crowd OR place = 1
        ORDER BY id DESC LIMIT :limit"""  # noqa: S608 - our own words
    return _read(town, query, limit=limit, crowd=_CROWD)


def one(town: Town, found: UUID) -> Road | None:
    """The road of this id, if it is one of the town's."""
    with town.ground.database.begin() as db:
        return next(iter(_told(town, db, found)), None)


def _read(town: Town, query: str, **values: object) -> list[Road]:
    with town.ground.database.begin() as db:
        ids: list[UUID] = [r["id"] for r in rows(db, query, id=town.workspace_id, **values)]
        return [road for found in ids for road in _told(town, db, found)]


def _told(town: Town, db: Connection, found: UUID) -> Sequence[Road]:
    show = partial(numbers.shown, db, town.ground.vault)
    try:
        return [road.shown(show) for road in roads_of(db, found, town.workspace_id)]
    except KeyError:  # one that cannot be told takes none of the others with it
        return ()
