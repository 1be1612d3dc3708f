"""The sales system: its contacts and opportunities, a Flow over twenty records, Tasks."""

import itertools
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from hub.contract.kit.simulator import Simulator
from hub.local.demo.api import Api
from hub.local.demo.people import Resident
from hub.local.demo.systems.shapes import Block, Record

TEMPLATE = "papers-ready"
WON = "Closed Won"
RECORDS = 20
_RESTING = ("delivered", "read", "replied", "skipped", "failed", "cancelled")
SETTINGS = {"language_field": "Language__c"}
_OWN, _NOTE = "Relais_", "Relais_SMS_Origin__c"  # the note is the hub's own business


class Org(Simulator, Protocol):
    """The sales system as its users use it."""

    webhook_secret: str

    def create_contact(self, **fields: Any) -> str:
        """A contact is entered; its id."""

    def opt_out(self, number: str, ticked: bool = True) -> None:
        """The opt-out is ticked or taken back."""

    def create_opportunity(self, contact: str = "", **fields: Any) -> str:
        """An opportunity is opened; its id."""

    def move_opportunity(self, number: str, stage: str) -> None:
        """It reaches another stage."""

    def add_outbound_message(self, url: str) -> None:
        """The admin has changes delivered to this address."""

    def register_flow(self, document_url: str) -> None:
        """The admin registers the hub's step for Flows."""

    def run_flow(self, numbers: Sequence[str], template: str, **more: Any) -> list[dict[str, Any]]:
        """A Flow runs for these contacts; what each was answered."""

    def flow_results(self, references: Sequence[str]) -> list[dict[str, Any]]:
        """The Flow asks what became of them."""

    def record(self, number: str) -> dict[str, Any]:
        """A record's fields."""

    def tasks(self, number: str = "") -> list[dict[str, Any]]:
        """All Tasks, or those on one record."""

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait for the deliveries."""


@dataclass
class Sales:
    """What can be done, with a memory of each person's contact, last opportunity and last Flow."""

    org: Org
    contacts: dict[str, str] = field(default_factory=dict)
    deals: dict[str, str] = field(default_factory=dict)
    flows: dict[str, list[str]] = field(default_factory=dict)
    states: dict[str, Counter[str]] = field(default_factory=dict)
    _runs: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def contact(self, person: Resident) -> str:
        """The person's contact, entered at need; its id."""
        with self._lock:
            if person.slug not in self.contacts:
                self.contacts[person.slug] = self.org.create_contact(
                    FirstName=person.first_name,
                    LastName=person.last_name,
                    Email=f"{person.slug}@example.com",
                    MobilePhone=person.phone,
                    Language__c=person.language,
                )
            return self.contacts[person.slug]

    def run_flow(self, person: Resident, crowd: Sequence[Resident]) -> str:
        """A Flow runs over the crowd's records and the person's; the person's subject."""
        numbers = [self.contact(one) for one in (*crowd, person)]
        interview = f"interview-{next(self._runs)}"
        told = self.org.run_flow(numbers, TEMPLATE, interview=interview)
        self.flows[person.slug] = [str(one["reference"]) for one in told]
        self.states.pop(person.slug, None)
        return self.subject(person)

    def win(self, person: Resident) -> str:
        """An opportunity of theirs is opened and won; its subject."""
        name = f"Kitchen for {person.first_name} {person.last_name}"
        deal = self.org.create_opportunity(self.contact(person), Name=name)
        self.org.move_opportunity(deal, WON)
        self.deals[person.slug] = deal
        return f"deal:{deal}"

    def flip(self, person: Resident) -> str:
        """Somebody ticks the opt-out of their contact, or takes it back; its subject."""
        contact = self.contact(person)
        self.org.opt_out(contact, ticked=not self.org.record(contact)["Relais_SMS_Opt_Out__c"])
        return self.subject(person)

    def subject(self, person: Resident) -> str:
        """How the hub names the person's contact."""
        return f"contact:{self.contact(person)}"

    def results(self, person: Resident) -> Counter[str]:
        """How many records of the person's last Flow are in which state; asked until all rest."""
        references = self.flows.get(person.slug)
        if not references:
            return Counter()
        known = self.states.get(person.slug)
        if known is None or sum(known[state] for state in _RESTING) < len(references):
            told = self.org.flow_results(references)
            self.states[person.slug] = known = Counter(str(one["state"]) for one in told)
        return known


def crowd(first: int = 2000, count: int = RECORDS - 1) -> list[Resident]:
    """People whom only the Flow knows, each with a phone of their own."""
    return [_passer_by(number) for number in range(first, first + count)]


def _passer_by(number: int) -> Resident:
    phone = f"+33 6 39 98 {number // 100:02} {number % 100:02}"
    return Resident(f"f-{number}", "Zoë", "Martin", phone, "fr")


def settle(org: Org, api: Api, connection_id: str) -> None:
    """What the install page asks of the admin: Outbound Messages, and the step for Flows."""
    found = api.call("GET", f"/connections/{connection_id}/address")
    introduce(org, found["hook_url"], found["webhook_secret"])


def introduce(org: Org, hook_url: str, webhook_secret: str) -> None:
    """The same by an address and a secret that are known."""
    org.webhook_secret = webhook_secret
    org.add_outbound_message(hook_url)
    org.register_flow(f"{hook_url}/openapi.json")


def shown(sales: Sales, person: Resident) -> Record:
    """The contact: the Flow's results, its Tasks, the fields that the hub keeps."""
    contact = sales.contact(person)
    deal = sales.deals.get(person.slug)
    tasks = [*sales.org.tasks(contact), *(sales.org.tasks(deal) if deal else ())]
    newest = sorted({task["Id"]: task for task in tasks}.values(), key=lambda t: t["Id"])[::-1]
    record = sales.org.record(contact)
    named = [n for n in record if n.startswith(_OWN) and n != _NOTE]
    own = tuple((name, _text(record[name])) for name in named if record[name] is not None)
    facts = tuple(
        (name, _text(sales.org.record(deal)[name])) for name in ("Name", "StageName") if deal
    )
    flow = tuple((state, str(count)) for state, count in sorted(_results(sales, person).items()))
    return Record(
        f"{person.first_name} {person.last_name}",
        (
            Block("block_flow", facts=flow),
            Block("block_deal", facts=facts),
            Block(
                "block_tasks",
                columns=("Subject", "Status", "Description"),
                rows=tuple((_text(t["Subject"]), _text(t["Status"]), _text(t["Description"]))
                           for t in newest[:5]),
            ),
            Block("block_fields", facts=own),
        ),
    )  # fmt: skip


def _results(sales: Sales, person: Resident) -> Counter[str]:
    try:
        return sales.results(person)
    except (OSError, ValueError):  # the hub is starting again; the last answer stands
        return sales.states.get(person.slug, Counter())


def _text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
