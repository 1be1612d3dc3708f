"""Salesforce as a small org with a memory, for the tests, the demo and the kit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import Clock, Outgoing, Request, utc_now
from hub.contract.kit.sign_in import SignIn
from hub.contract.kit.simulator import Faults

from .org import flowrun, keys, outbound, scene
from .org.doors import Doors
from .org.memory import ORG, RELAIS, Memory, Row
from .org.outbound import Sender, Sent
from .org.people import People
from .org.rest import Rest

USERNAME = "relais@example.com"
TOLD = ("Contact", "Lead", "Opportunity", "Order", "Event", "Visit__c")
_HOOK = "https://hub.example.com/hooks/salesforce/k1"


@dataclass
class Simulator:
    """The org, in which `people` work. Its own counts (`tasks`, `record`, `written`, `api_calls`)
    are the oracle."""

    clock: Clock = utc_now
    webhook_secret: str = "s3cr3t-simulated-0001"  # noqa: S105  simulated
    faults: Faults = field(default_factory=Faults)
    sign_in: SignIn = field(init=False)
    memory: Memory = field(init=False)
    people: People = field(init=False)
    rest: Rest = field(init=False)
    sender: Sender = field(init=False)
    base: str = "https://example.my.salesforce.com"
    # Nothing signs an Outbound Message's body: the key in its address says whose it is.
    signs_bodies = False

    def __post_init__(self) -> None:
        self.sender = Sender(ORG)
        self.memory = Memory(self.clock, self._told)
        self.people = People(self.memory, self.clock)
        self.rest = Rest(self.memory)
        self.sign_in = SignIn(
            "Salesforce (simulated)",
            clock=self.clock,
            rotates=True,
            with_expiry=False,
            assertion=lambda form: keys.judge(
                form, self.clock(), self.base, self.sign_in.client_id, USERNAME
            ),
        )
        self._doors = Doors(self.rest, self.sign_in)
        self._targets: dict[str, tuple[str, ...]] = {}
        self._own: dict[str, str] = {}
        self.flow = flowrun.Runner(lambda: self.webhook_secret, self.record)
        self._extra()

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The org's HTTP: the consent page, tokens, the REST API."""
        return self._doors.wsgi(environ, start_response)

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this org."""
        self.base = base_url
        self._extra()
        custom = "Visit__c: Person=Contact__c, Name=Name, Status=Stage__c, Date=Visit_Date__c"
        return {
            "login_url": base_url,
            "base_url": base_url,
            "custom_objects": f"{custom}, Text1=Room__c",
            "country": "FR",
        }

    def secrets(self) -> dict[str, str]:
        """Credentials that work already, and the key of its deliveries."""
        if not self._own:
            self._own = self.sign_in.issue()
        return {
            "access_token": self._own["access_token"],
            "id": self.sign_in.extra["id"],
            "client_id": self.sign_in.client_id,
            "client_secret": self.sign_in.client_secret,
            "webhook_secret": self.webhook_secret,
        }

    def typed(self, way: str = "") -> dict[str, str]:
        """What a merchant types for a way of signing in."""
        app = {"client_id": self.sign_in.client_id}
        if way == "jwt":
            return {**app, "username": USERNAME, "private_key": keys.private_key()}
        return {**app, "client_secret": self.sign_in.client_secret}

    # What people do in the org

    def create_contact(self, **fields: Any) -> str:
        """See `People`, as for the other acts."""
        return self.people.create_contact(**fields)

    def opt_out(self, number: str, ticked: bool = True) -> None:
        """Somebody wants no more messages, or some again."""
        self.people.opt_out(number, ticked)

    def create_opportunity(self, contact: str = "", **fields: Any) -> str:
        """A deal begins."""
        return self.people.create_opportunity(contact, **fields)

    def move_opportunity(self, number: str, stage: str) -> None:
        """A deal goes on."""
        self.people.move_opportunity(number, stage)

    def add_outbound_message(self, url: str, objects: Sequence[str] = TOLD) -> None:
        """The admin makes Outbound Messages to the hub, with the key in the address."""
        address = url if "key=" in url else f"{url}?key={self.webhook_secret}"
        self._targets[address] = tuple(objects)

    def register_flow(self, document_url: str) -> None:
        """The admin registers the hub's OpenAPI document in External Services."""
        self.flow.register(document_url)

    def run_flow(self, numbers: Sequence[str], template: str, **more: Any) -> list[Row]:
        """A Flow runs for these contacts: "Send with Relais" in bulk; answers its results."""
        return self.flow.run(numbers, template, **more)

    def flow_results(self, references: Sequence[str]) -> list[Row]:
        """The Flow asks what became of its requests."""
        return self.flow.ask("results", {"references": list(references)})

    # Bad luck

    def deliver_twice(self, on: bool = True) -> None:
        """Every Outbound Message comes twice."""
        self.sender.twice = on

    def lose_next(self, count: int = 1) -> None:
        """The next Outbound Messages never arrive, and are given up."""
        self.sender.lose = count

    def shuffle(self, on: bool = True) -> None:
        """Entries overtake each other."""
        self.sender.shuffle = on

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until every Outbound Message has been tried; False when that took too long."""
        return self.sender.flush(timeout)

    def lock(self, number: str, times: int = 1) -> None:
        """Somebody else is editing this record: so many writes that touch it are refused."""
        self.memory.locks[number] = times

    def forbid(self, right: str = "api") -> None:
        """The admin takes the API away from the user."""
        self._doors.forbidden.add(right)

    def use_up(self, left: int = 0) -> None:
        """Other systems have used the day's calls, but so many."""
        self.rest.most = self.rest.calls + left

    def drop_field(self, table: str, name: str) -> None:
        """The org has no such field, because nobody made it yet."""
        thing = self.memory.things[table]
        thing.fields.pop(name)
        thing.external.discard(name)

    def flip_consent(self, subject: str) -> None:
        """A person changes the opt-out of a record to its opposite."""
        number = subject.partition(":")[2]
        self.opt_out(number, not self.record(number)["Relais_SMS_Opt_Out__c"])

    # Oracles

    @property
    def api_calls(self) -> int:
        """Calls that count against the org's limit of 24 hours."""
        return self.rest.calls

    @property
    def deliveries_log(self) -> list[Sent]:
        """Every Outbound Message tried."""
        return list(self.sender.log)

    def record(self, number: str) -> Row:
        """A record as it stands, deleted or not."""
        with self.memory.lock:
            return dict(self.memory.rows[self.memory.table(number)][number])

    def tasks(self, number: str = "") -> list[Row]:
        """All Tasks, or those on one record."""
        with self.memory.lock:
            rows = list(self.memory.rows.get("Task", {}).values())
        return [r for r in rows if not number or number in (r["WhoId"], r["WhatId"])]

    def notes(self, number: str) -> list[str]:
        """The descriptions of a record's Tasks, oldest first."""
        return [str(row["Description"]) for row in self.tasks(number)]

    def written(self, marker: str) -> int:
        """How often this outcome's marker stands in Tasks."""
        sign = f"[relais {marker}]"
        return sum(str(row["Description"] or "").count(sign) for row in self.tasks())

    def leftovers(self) -> list[str]:
        """What of ours still stands here: tokens of a consent that nobody gave back."""
        alive = self.sign_in.standing - (1 if self._own else 0)
        return [f"{alive} live refresh tokens"] if alive > 0 else []

    # What the kit asks for

    def deliveries(self) -> Sequence[Request]:
        """Genuine Outbound Messages, at least one of each kind."""
        url = f"{_HOOK}?key={self.webhook_secret}"
        return list(scene.outbound_messages(self.clock, url, TOLD))

    def executions(self, count: int = 2) -> Sequence[tuple[str, Request]]:
        """Genuine calls of a Flow, each with the door it is for."""
        numbers = [self.create_contact() for _ in range(count)]
        return [("send", self.flow.execution(numbers, f"{_HOOK}/send"))]

    def sign(self, body: bytes) -> Request:
        """Any body, at the address that only this org knows."""
        return outbound.request(f"{_HOOK}?key={self.webhook_secret}", body)

    def change(self, count: int) -> None:
        """So many contacts are entered, one after the other."""
        for n in range(count):
            self.create_contact(MobilePhone=f"+33 6 39 98 {n // 100 % 100:02} {n % 100:02}")

    def subject(self) -> str:
        """A contact that an outcome can be written to."""
        return f"contact:{self.create_contact()}"

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """An org carries no messages."""
        return ()

    def carried(self, reference: str) -> int:
        """An org carries no messages."""
        return 0

    def _told(self, name: str, row: Row) -> None:
        for url, objects in self._targets.items():
            if name in objects:
                self.sender.tell(url, name, outbound.fields_of(row))

    def _extra(self) -> None:
        identity = f"https://login.salesforce.com/id/{ORG}/{RELAIS}"
        self.sign_in.extra = {"instance_url": self.base, "id": identity}
