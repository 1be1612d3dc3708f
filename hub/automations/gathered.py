"""What is known about the workspaces, people and carts of one batch, and the facts made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from hub.automations import caps as counts
from hub.automations.caps import CapSeen, Sent
from hub.automations.document import Automation
from hub.automations.draws import LAST, draw
from hub.automations.facts import ConsentSeen, EventSeen, Facts, PersonSeen, StopSeen
from hub.automations.happened import Happened
from hub.automations.hours import Window
from hub.automations.house_rules import marketing_window, transactional_window
from hub.automations.merchants import Live, Merchant
from hub.automations.places import zones_of_number
from hub.automations.standing import Bookings
from hub.automations.wordings import names_of
from hub.store import consent
from hub.store.database import Row
from hub.store.people_list import DEAD_AFTER

_NAMED = 20  # templates in a sentence
_UNHEARD = consent.Standing()  # of whom nothing was ever said
Who = tuple[UUID, str]


class Hours(NamedTuple):
    """When messages of either kind may leave; no window means at any time."""

    marketing: Window
    transactional: Window | None


@dataclass(frozen=True)
class Gathered:
    """All of a batch, by workspace and, where it is about people, by phone."""

    merchants: Mapping[UUID, Merchant]
    people: Mapping[Who, Row]
    standing: Mapping[Who, consent.Standing]
    sent: Mapping[Who, Sequence[Sent]]
    happened: Happened
    bookings: Bookings
    hours: dict[tuple[UUID, str], Hours] = field(default_factory=dict)

    def facts(self, event: Row, live: Live, now: datetime, **more: Any) -> Facts:
        """What one automation may know of one event (a row, or what stands for one)."""
        who = (event["workspace_id"], event["phone"])
        merchant, standing = self.merchants[who[0]], self.standing.get(who, _UNHEARD)
        word, stop, known = standing.marketing, standing.stop, self.people.get(who)
        shop, document, slug = merchant.shop, live.document, live.document.template
        person, template = _person(event, shop, known), merchant.templates.get(slug)
        hours = self._hours(shop, person.country)
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
            cancelled_by=self._cancelled_by(event, document) if document.cancel_on else None,
            template_known=template is not None,
            dead_number=known is not None and known["failures"] >= DEAD_AFTER,
            booking=self.bookings.seen(event),
            zone=shop["zone"],
            templates=() if template is not None else tuple(merchant.templates)[:_NAMED],
            transactional_window=hours.transactional,
            testing=shop["testing"],
            variants=names_of(template),
            holdout_draw=draw("holdout", str(live.row["id"]), person.key)
            if document.holdout
            else LAST,
            wording_draw=draw("wording", str(shop["id"]), slug, person.key)
            if document.split
            else LAST,
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
        return counts.count(self.merchants[who[0]].caps, others, leaves)

    def told(self, event: Row, name: str) -> str:
        """What the event says of the person, else what earlier events said."""
        return _told(event, self.people.get((event["workspace_id"], event["phone"])), name)

    def _cancelled_by(self, event: Row, automation: Automation) -> str | None:
        ends = (
            r.event for r in automation.cancel_on if self.happened.since(event, r.event, r.same)
        )
        return next(ends, None)


def _told(event: Row, known: Row | None, name: str) -> str:
    return str(event["person"].get(name) or (known and known[name]) or "")


def _person(event: Row, shop: Row, known: Row | None) -> PersonSeen:
    phone, said = event["phone"], event["person"]
    country = _told(event, known, "country")
    return PersonSeen(
        key=phone,
        phone=phone,
        kind=said.get("kind") or (known["kind"] if known else "mobile"),
        country=country,
        language=_told(event, known, "language"),
        zone=_told(event, known, "zone"),
        first_name=_told(event, known, "first_name"),
        last_name=_told(event, known, "last_name"),
        phone_problem=said.get("phone_problem", ""),
        tester=phone in shop["testers"],
        number_zones=zones_of_number(known["zones"], country) if known else (),
    )


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
