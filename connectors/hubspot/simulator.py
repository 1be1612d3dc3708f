"""HubSpot as a small account with a memory, for the tests, the demo and the kit."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import Clock, Outgoing, Request, utc_now
from hub.contract.kit.sign_in import SignIn
from hub.contract.kit.simulator import Faults

from .definition import definition
from .fields import SCOPES
from .portal.app import App
from .portal.doors import Doors
from .portal.memory import Memory, Record
from .portal.objects import Objects
from .portal.outbox import call
from .portal.people import CART, DEAL, ORDER, ZOE
from .portal.scene import EVERYTHING
from .portal.workflows import Workflows

PORTAL = 62515
_MARK = re.compile(r"\[relais ([^\]]+)\]")
ELSEWHERE = "https://hub.example.com/hooks/hubspot"


@dataclass
class Simulator:
    """The account. Its own counts (`record`, `notes`, `written`, `completed`) are the oracle.

    `index_lag(ms)` holds the search index back; `limits.burst`, `limits.searches` and
    `limits.daily` switch the quotas on, which are off so that tests may hurry.
    """

    clock: Clock = utc_now
    token: str = "pat-simulated-0000-0001"  # noqa: S105  simulated
    webhook_secret: str = "own-simulated-secret-0001"  # noqa: S105  simulated
    portal: int = PORTAL
    faults: Faults = field(default_factory=Faults)
    memory: Memory = field(init=False)
    app: App = field(init=False)
    workflows: Workflows = field(init=False)
    sign_in: SignIn = field(init=False)
    doors: Doors = field(init=False)

    def __post_init__(self) -> None:
        self.sign_in = SignIn("HubSpot", clock=self._now)
        self.memory = Memory(lambda *told: self.app.tell(*told), self._now)
        self.app = App(self._now, self.sign_in.client_secret, self.portal)
        self.workflows = Workflows(self.memory, self.app)
        objects = Objects(self.memory)
        self.doors = Doors(
            self.memory, objects, self.app, self.workflows, self.sign_in, self.token, SCOPES
        )
        self._live = ""
        self._marks: Counter[str] = Counter()  # of the first so many messages
        self._read = 0

    def _now(self) -> Any:
        return self.clock()

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The account's API, the consent page and the token addresses."""
        return self.doors.wsgi(environ, start_response)

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this account."""
        return {
            "api_url": base_url,
            "app_url": base_url,
            "objects": "contacts,deals,carts,orders",
            "country": "FR",
        }

    def secrets(self) -> dict[str, str]:
        """Credentials that work: a live token of the sign-in, and the app's keys."""
        if not self.sign_in.accepts(self._live):
            issued = self.sign_in.issue()
            self.sign_in.forget(issued["refresh_token"])
            self._live = issued["access_token"]
        return {
            "access_token": self._live,
            "client_id": self.sign_in.client_id,
            "client_secret": self.sign_in.client_secret,
            "app_id": str(self.app.id),
            "developer_key": self.app.developer_key,
            "webhook_secret": self.webhook_secret,
        }

    def typed(self, way: str = "") -> dict[str, str]:
        """What a merchant types for this way of signing in."""
        if way == "token":
            return {"access_token": self.token, "client_secret": self.sign_in.client_secret}
        names = ("client_id", "client_secret", "app_id", "developer_key")
        return {name: value for name, value in self.secrets().items() if name in names}

    # What people do in the account

    def create_contact(self, **values: str) -> str:
        """Somebody makes a contact; `values` are its properties. Answers the id."""
        return self.memory.add("contacts", {**ZOE, **values}).id

    def edit_contact(self, number: str, **values: str) -> None:
        """Somebody edits a contact."""
        self.memory.change("contacts", number, values)

    def merge_contacts(self, number: str, other: str) -> None:
        """Somebody merges the other contact into the first."""
        self.memory.merge(number, other)

    def delete_contact(self, number: str, *, for_privacy: bool = False) -> None:
        """Somebody deletes a contact, for good where it is for privacy."""
        self.memory.remove("contacts", number, "privacyDeletion" if for_privacy else "deletion")

    def set_consent(self, number: str, wanted: bool | None) -> None:
        """Somebody ticks or unticks the consent box that Relais made on the contact."""
        said = {True: "true", False: "false", None: ""}[wanted]
        self.memory.change("contacts", number, {"relais_sms_opt_in": said})

    def create_deal(self, contact: str = "", **values: str) -> str:
        """Somebody makes a deal for a contact. Answers the deal's id."""
        return self._owned("deals", contact, DEAL | values)

    def move_deal(self, number: str, stage: str) -> None:
        """Somebody drags a deal to another stage."""
        self.memory.change("deals", number, {"dealstage": stage})

    def create_cart(self, contact: str = "", **values: str) -> str:
        """The shop's app tells of a cart. Answers the cart's id."""
        number = f"c-{len(self.memory.records['carts']) + 81}"
        url = f"https://shop.example.com/cart/{number}"
        own = {"hs_external_cart_id": number, "hs_cart_url": url}
        return self._owned("carts", contact, {**CART, **own, **values})

    def abandon_cart(self, number: str) -> None:
        """The shop's app says that the cart was left."""
        self.memory.change("carts", number, {"hs_external_status": "abandoned"})

    def create_order(self, contact: str = "", **values: str) -> str:
        """The shop's app tells of an order. Answers the order's id."""
        return self._owned("orders", contact, ORDER | values)

    def set_order_status(self, number: str, status: str) -> None:
        """The shop's app moves an order on."""
        self.memory.change("orders", number, {"hs_external_order_status": status})

    def run_workflow(
        self, contact_ids: Sequence[str], template: str, texts: Sequence[str] = (), **inputs: str
    ) -> list[str]:
        """Contacts reach the action in a workflow; answers the callback ids. `inputs`: wait_for,
        wait_hours."""
        words = {f"text_{n}": said for n, said in enumerate(texts, 1)}
        return self.workflows.run(contact_ids, template, **words, **inputs)

    def _owned(self, kind: str, contact: str, values: Mapping[str, str]) -> str:
        with self.memory.lock:
            made = self.memory.add(kind, values)
            if contact:
                self.memory.link(kind, made.id, "contacts", contact)
        return made.id

    # Bad luck

    def deliver_twice(self, on: bool = True) -> None:
        """Every webhook event comes twice."""
        self.app.outbox.twice = on

    def lose_next(self, count: int = 1) -> None:
        """The next webhook events never arrive, and are never sent again."""
        self.app.outbox.lose = count

    def shuffle(self, on: bool = True) -> None:
        """Webhook events overtake each other."""
        self.app.outbox.shuffle = on

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until every delivery has been tried; False when that took too long."""
        return self.app.outbox.flush(timeout)

    def forbid(self, scope: str) -> None:
        """The consent did not include this scope after all."""
        self.doors.forbidden.add(scope)

    def index_lag(self, ms: int) -> None:
        """The search index is so far behind."""
        self.doors.objects.lag = ms

    # Oracles

    @property
    def api_calls(self) -> int:
        """Calls that count against the account's quota."""
        return self.doors.calls

    def record(self, subject: str) -> dict[str, str]:
        """A record's properties ("contact:12")."""
        with self.memory.lock:
            return dict(self._record(subject).values)

    def notes(self, subject: str) -> list[str]:
        """The bodies of the messages on a record's timeline, oldest first."""
        with self.memory.lock:
            found = self._record(subject)
            ids = self.memory.links.get((found.kind, found.id, "communications"), [])
            rows = (self.memory.records["communications"].get(one) for one in ids)
            return [row.values["hs_communication_body"] for row in rows if row]

    def completed(self, callback: str) -> dict[str, str]:
        """What a waiting workflow step was told; empty while it waits."""
        return dict(self.workflows.done.get(callback, {}))

    def written(self, marker: str) -> int:
        """On how many timeline messages this outcome's marker stands."""
        with self.memory.lock:
            rows = self.memory.records["communications"].values()
            for row in islice(rows, self._read, None):
                self._marks.update(_MARK.findall(row.values["hs_communication_body"]))
            self._read = len(rows)
            return self._marks[marker]

    def leftovers(self) -> list[str]:
        """What of ours still stands here, the properties and messages that stay left out."""
        app = self.app
        found = [f"subscription {row['eventType']}" for row in app.subscriptions.values()]
        found += [f"workflow action {number}" for number in app.definitions]
        found += [f"webhook target {app.target}"] if app.target else []
        return found + ["a live refresh token"] * self.sign_in.standing

    def _record(self, subject: str) -> Record:
        noun, _, number = subject.partition(":")
        return self.memory.get(f"{noun}s", number)

    # What the kit asks for

    def deliveries(self) -> Sequence[Request]:
        """Genuine deliveries, at least one of each kind."""
        return list(_scene(Simulator(self.clock, portal=self.portal)))

    def executions(self, count: int) -> Sequence[tuple[str, Request]]:
        """So many contacts reach the action's step: the calls, which then wait."""
        if not self.app.definitions:
            self.app.define(definition(ELSEWHERE, {}))
        made = []
        for _ in range(count):
            body = self.workflows.execution(self.create_contact(), {"template": "thanks"}, "4401")
            made.append(("send", self.workflows.signed(f"{ELSEWHERE}/send", body)))
        return made

    def flip_consent(self, subject: str) -> None:
        """A person changes the consent of this contact to its opposite."""
        number = subject.partition(":")[2]
        self.set_consent(number, self.record(subject).get("relais_sms_opt_in") != "true")

    def sign(self, body: bytes) -> Request:
        """Any body, signed as a delivery of this app."""
        return call(ELSEWHERE, body, self.sign_in.client_secret, self.clock)

    def change(self, count: int) -> None:
        """So many contacts are made, one after the other."""
        for _ in range(count):
            self.create_contact()

    def subject(self) -> str:
        """A contact that an outcome can be written to."""
        return f"contact:{self.create_contact()}"

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """HubSpot carries no messages here."""
        return ()

    def carried(self, reference: str) -> int:
        """HubSpot carries no messages here."""
        return 0


def _scene(account: Simulator) -> Iterator[Request]:
    box = account.app.outbox
    box.hold = True
    for wanted in EVERYTHING:
        account.app.subscribe({**wanted, "active": True})
    first, other = account.create_contact(), account.create_contact(email="luc@example.com")
    account.edit_contact(first, city="Paris", firstname="Zoé")
    account.move_deal(account.create_deal(first), "closedwon")
    account.abandon_cart(account.create_cart(first))
    account.set_order_status(account.create_order(first), "completed")
    account.merge_contacts(first, other)
    account.delete_contact(first)
    account.delete_contact(account.create_contact(), for_privacy=True)
    for events in (*([event] for event in box.waiting), box.waiting):
        yield account.sign(json.dumps(events, separators=(",", ":")).encode())
