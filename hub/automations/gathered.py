"""What is known about the workspaces, people and carts of one batch, and the facts made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from hub.automations import caps as counts
from hub.automations.caps import Cap, CapSeen, Sent
from hub.automations.document import Automation
from hub.automations.draws import draw
from hub.automations.facts import (
    ConsentSeen,
    EventSeen,
    Facts,
    PersonSeen,
    StopSeen,
    person_key,
)
from hub.automations.happened import Happened
from hub.automations.hours import Window
from hub.automations.house_rules import marketing_window, transactional_window
from hub.automations.places import zones_of_number
from hub.automations.standing import Bookings
from hub.automations.wordings import names_of
from hub.store import consent
from hub.store.database import Row

_NAMED = 20  # templates in a sentence
DEAD_AFTER = 3  # permanent failures that show a number to be no number
Who = tuple[UUID, str]


@dataclass(frozen=True)
class Live:
    """An automation's row with its document read."""

    row: Row
    document: Automation


class Hours(NamedTuple):
    """When messages of either kind may leave; no window means at any time."""

    marketing: Window
    transactional: Window | None


@dataclass(frozen=True)
class Gathered:
    """All of a batch, by workspace and, where it is about people, by phone."""

    shops: Mapping[UUID, Row]
    automations: Mapping[UUID, Sequence[Live]]
    templates: Mapping[tuple[UUID, str], Row]
    people: Mapping[Who, Row]
    numbers: Mapping[Who, Row]
    standing: Mapping[Who, consent.Standing]
    caps: Mapping[UUID, Sequence[Cap]]
    sent: Mapping[Who, Sequence[Sent]]
    happened: Happened
    bookings: Bookings
    hours: dict[tuple[UUID, str], Hours] = field(default_factory=dict)

    def facts(self, event: Row, live: Live, now: datetime, **more: Any) -> Facts:
        """What one automation may know of one event (a row, or what stands for one)."""
        shop, who = self.shops[event["workspace_id"]], (event["workspace_id"], event["phone"])
        standing = self.standing.get(who, consent.Standing())
        word, stop = standing.marketing, standing.stop
        person, slug = self._person(event, shop), live.document.template
        template = self.templates.get((shop["id"], slug))
        own, hours = person_key(event["phone"]), self._hours(shop, person.country)
        return Facts(
            automation_state=live.row["state"],
            automation_live_since=live.row["live_since"],
            event=event_seen(event),
            person=person,
            now=now,
            window=hours.marketing,
            consent=ConsentSeen(word.verdict in ("granted", "resumed"), word.source, word.at)
            if word
            else None,
            stopped=StopSeen(stop.at, stop.source, stop.source == "carrier") if stop else None,
            allowed_countries=tuple(shop["countries"]),
            cancelled_by=self._cancelled_by(event, live.document),
            template_known=template is not None,
            dead_number=self._known(event, "failures", 0) >= DEAD_AFTER,
            booking=self.bookings.seen(event),
            zone=shop["zone"],
            templates=() if template is not None else self._named(shop),
            transactional_window=hours.transactional,
            testing=shop["testing"],
            variants=names_of(template),
            holdout_draw=draw("holdout", str(live.row["id"]), own),
            wording_draw=draw("wording", str(shop["id"]), slug, own),
            **more,
        )

    def _hours(self, shop: Row, country: str) -> Hours:
        """The sending hours to a country's numbers, read once for the batch."""
        key = (shop["id"], country)
        if key not in self.hours:
            windows = marketing_window(shop, country), transactional_window(shop, country)
            self.hours[key] = Hours(*windows)
        return self.hours[key]

    def counted(
        self, who: Who, sent: Sequence[Sent], leaves: datetime, but: UUID | None = None
    ) -> tuple[CapSeen, ...]:
        """The caps on a person with what counts against them then, one message left out."""
        others = (one for one in sent if one.one != but)
        return counts.count(self.caps[who[0]], others, leaves)

    def _named(self, shop: Row) -> tuple[str, ...]:
        """The templates there are, for the words where the wanted one is none of them."""
        return tuple(sorted(slug for own, slug in self.templates if own == shop["id"])[:_NAMED])

    def _known(self, event: Row, name: str, otherwise: Any) -> Any:
        known = self.people.get((event["workspace_id"], event["phone"]))
        return known[name] if known else otherwise

    def told(self, event: Row, name: str) -> str:
        """What the event says of the person, else what earlier events said."""
        return str(event["person"].get(name) or self._known(event, name, "") or "")

    def _person(self, event: Row, shop: Row) -> PersonSeen:
        number = self.numbers.get((event["workspace_id"], event["phone"]))
        country = self.told(event, "country") or (number["country"] if number else "")
        return PersonSeen(
            key=event["phone"],
            phone=event["phone"],
            kind=event["person"].get("kind") or (number["kind"] if number else "mobile"),
            country=country,
            language=self.told(event, "language"),
            zone=self.told(event, "zone"),
            first_name=self.told(event, "first_name"),
            last_name=self.told(event, "last_name"),
            phone_problem=event["person"].get("phone_problem", ""),
            tester=event["phone"] in shop["testers"],
            number_zones=zones_of_number(number["zones"], country) if number else (),
        )

    def _cancelled_by(self, event: Row, automation: Automation) -> str | None:
        ends = (
            r.event for r in automation.cancel_on if self.happened.since(event, r.event, r.same)
        )
        return next(ends, None)


def event_seen(event: Row) -> EventSeen:
    """An event's row as the checks see it."""
    return EventSeen(
        type=event["type"],
        key=event["key"],
        subject=event["subject"],
        occurred_at=event["occurred_at"],
        received_at=event["received_at"],
        data=event["data"],
        cart=event["cart"],
        connection=str(event["connection_id"] or ""),
    )
