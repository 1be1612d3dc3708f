"""The CRM: its contacts and deals, its workflows, and what stands on a contact afterwards."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hub.contract.kit.sign_in import SignIn
from hub.contract.kit.simulator import Simulator
from hub.local.demo.people import RESIDENTS, Resident
from hub.local.demo.systems.shapes import Block, Record

TEMPLATE = "win-back"
WON = "closedwon"
_OWN, _NOTE = "relais_", "_origin"  # the note is the hub's own business


class Account(Simulator, Protocol):
    """The CRM as its users use it."""

    sign_in: SignIn

    def create_contact(self, **values: str) -> str:
        """A contact is made; its id."""

    def set_consent(self, number: str, wanted: bool | None) -> None:
        """The box for SMS is ticked or unticked."""

    def create_deal(self, contact: str = "", **values: str) -> str:
        """A deal is opened; its id."""

    def move_deal(self, number: str, stage: str) -> None:
        """A deal reaches another stage."""

    def run_workflow(self, contact_ids: Sequence[str], template: str) -> list[str]:
        """Contacts reach the hub's step; the steps' callback ids."""

    def record(self, subject: str) -> dict[str, str]:
        """A record's properties."""

    def notes(self, subject: str) -> list[str]:
        """The messages on a record's timeline, oldest first."""

    def completed(self, callback: str) -> dict[str, str]:
        """What a step was told; empty while it waits."""

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait for the deliveries."""


@dataclass
class Crm:
    """What can be done, with a memory of each person's contact, last deal and last workflow."""

    account: Account
    contacts: dict[str, str] = field(default_factory=dict)
    deals: dict[str, str] = field(default_factory=dict)
    steps: dict[str, list[tuple[Resident, str]]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def contact(self, person: Resident) -> str:
        """The person's contact, made at need; its id."""
        with self._lock:
            if person.slug not in self.contacts:
                self.contacts[person.slug] = self.account.create_contact(
                    firstname=person.first_name,
                    lastname=person.last_name,
                    email=f"{person.slug}@example.com",
                    mobilephone=person.phone,
                    country="",
                    hs_country_region_code=person.country,
                    hs_language=person.language,
                    city="",
                )
            return self.contacts[person.slug]

    def enrol(self, person: Resident, *others: Resident) -> str:
        """They reach the hub's step of a workflow, the person last; the person's subject."""
        group = [*others, person]
        callbacks = self.account.run_workflow([self.contact(one) for one in group], TEMPLATE)
        self.steps[person.slug] = list(zip(group, callbacks, strict=True))
        return self.subject(person)

    def win(self, person: Resident) -> str:
        """A deal of theirs is opened and won; its subject."""
        name = f"Kitchen for {person.first_name} {person.last_name}"
        deal = self.account.create_deal(self.contact(person), dealname=name)
        self.account.move_deal(deal, WON)
        self.deals[person.slug] = deal
        return f"deal:{deal}"

    def tick(self, person: Resident, wanted: bool) -> str:
        """Somebody ticks or unticks the box for SMS; the contact's subject."""
        self.account.set_consent(self.contact(person), wanted)
        return self.subject(person)

    def subject(self, person: Resident) -> str:
        """How the hub names the person's contact."""
        return f"contact:{self.contact(person)}"

    def results(self, person: Resident) -> list[tuple[Resident, dict[str, str]]]:
        """What each step of the person's last workflow was told; empty while it waits."""
        steps = self.steps.get(person.slug, [])
        return [(one, self.account.completed(callback)) for one, callback in steps]


def companions(person: Resident) -> tuple[Resident, ...]:
    """Two others to enrol with them."""
    others = [one for one in RESIDENTS if one.mobile and one.slug != person.slug]
    return tuple(others[:2])


def shown(crm: Crm, person: Resident) -> Record:
    """The contact: its workflow's steps, its timeline, the properties that the hub keeps."""
    subject = crm.subject(person)
    properties = crm.account.record(subject)
    named = sorted(n for n in properties if n.startswith(_OWN) and not n.endswith(_NOTE))
    own = tuple((name, properties[name]) for name in named if properties[name])
    deal = crm.deals.get(person.slug)
    facts = tuple(
        (name, crm.account.record(f"deal:{deal}").get(name, ""))
        for name in ("dealname", "dealstage")
        if deal
    )
    steps = tuple(
        (one.first_name, told.get("relais_result", "…"), told.get("relais_reason", ""))
        for one, told in reversed(crm.results(person))
    )
    columns = ("contact", "relais_result", "relais_reason")
    return Record(
        f"{person.first_name} {person.last_name}",
        (
            Block("block_workflow", columns=columns, rows=steps),
            Block("block_deal", facts=facts),
            Block("block_timeline", lines=tuple(reversed(crm.account.notes(subject)))),
            Block("block_properties", facts=own),
        ),
    )
