"""The app: its webhook target, its subscriptions, its workflow actions, under a developer key."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.contract import Clock

from ..documents import part, to_ms
from .errors import Problem, invalid, missing
from .memory import Record, stamp
from .outbox import Event, Outbox
from .schema import NOUNS, TYPE_IDS

Row = dict[str, Any]
VERBS = ("creation", "deletion", "propertyChange", "merge", "restore", "privacyDeletion")
_NEEDED = ("actionUrl", "functions", "inputFields", "labels", "objectTypes", "published")


@dataclass
class App:
    """One app; `portal` is the account whose events it is told."""

    clock: Clock
    secret: str
    portal: int
    id: int = 771177
    developer_key: str = "developer-simulated-0001"
    target: str = ""
    subscriptions: dict[str, Row] = field(default_factory=dict)
    definitions: dict[str, Row] = field(default_factory=dict)
    outbox: Outbox = field(init=False)
    _next: "itertools.count[int]" = field(default_factory=lambda: itertools.count(9001))

    def __post_init__(self) -> None:
        self.outbox = Outbox(lambda: (self.target, self.secret), self.clock)

    def tell(self, verb: str, record: Record, name: str, source: str) -> None:
        """A change, told where the app subscribed to it."""
        for row in self.subscriptions.values():
            if row["active"] and _is_about(row, verb, record, name):
                self.outbox.put(self._event(row, verb, record, name, source))

    def _event(self, row: Row, verb: str, record: Record, name: str, source: str) -> Event:
        event: Event = {
            "eventId": next(self._next) % 97,  # not unique, as the vendor warns
            "subscriptionId": int(row["id"]),
            "portalId": self.portal,
            "appId": self.id,
            "occurredAt": record.modified,
            "subscriptionType": row["eventType"],
            "attemptNumber": 0,
            "objectId": int(record.id),
            "changeSource": source,
        }
        if row["eventType"].startswith("object."):
            event["objectTypeId"] = TYPE_IDS[record.kind]
        if verb == "propertyChange":
            return event | {"propertyName": name, "propertyValue": record.values[name]}
        if verb == "merge":
            return event | {"primaryObjectId": int(record.id), "mergedObjectIds": [int(name)]}
        return event | {"changeFlag": "NEW" if verb == "creation" else "DELETED"}

    def settings(self, method: str, body: Row) -> tuple[int, Row]:
        """The webhook target."""
        if method == "PUT":
            most = part(body, "throttling").get("maxConcurrentRequests")
            if not isinstance(most, int) or not str(body.get("targetUrl")).startswith("http"):
                raise invalid("targetUrl and throttling.maxConcurrentRequests are required")
            self.target = str(body["targetUrl"])
        if method == "DELETE":
            self.target = ""
            return 204, {}
        if not self.target:
            raise missing("No webhook settings found")
        now = stamp(to_ms(self.clock()))
        return 200, {
            "targetUrl": self.target,
            "throttling": {"maxConcurrentRequests": 10},
            "createdAt": now,
        }

    def subscribe(self, body: Row) -> tuple[int, Row]:
        """A new subscription. Raises Problem where there is one like it, or it makes no sense."""
        noun, _, verb = str(body.get("eventType")).partition(".")
        if noun not in ("contact", "deal", "object") or verb not in VERBS:
            raise invalid("eventType is none of the allowed values")
        if verb == "propertyChange" and not body.get("propertyName"):
            raise invalid("propertyName is required")
        if noun == "object" and body.get("objectTypeId") not in TYPE_IDS.values():
            raise invalid("objectTypeId is required")
        same = [r for r in self.subscriptions.values() if _same(r, body)]
        if same:
            raise Problem(409, "CONFLICT", "A subscription like this exists already.")
        names = ("eventType", "propertyName", "objectTypeId")
        row: Row = {name: body[name] for name in names if body.get(name)}
        row |= {"id": str(next(self._next)), "active": body.get("active") is True}
        row["createdAt"] = stamp(to_ms(self.clock()))
        self.subscriptions[row["id"]] = row
        return 201, row

    def define(self, body: Row) -> tuple[int, Row]:
        """A new workflow action. Raises Problem where a part lacks."""
        lacking = [name for name in _NEEDED if name not in body]
        if lacking:
            raise invalid(f"Some required fields were not set: {lacking}")
        number = str(next(self._next))
        self.definitions[number] = {**body, "id": number, "revisionId": "1"}
        return 201, self.definitions[number]

    def redefine(self, number: str, body: Row) -> tuple[int, Row]:
        """An action's new revision."""
        row = self.definition(number)
        row |= {**body, "revisionId": str(int(row["revisionId"]) + 1)}
        return 200, row

    def definition(self, number: str) -> Row:
        """An action by id. Raises Problem."""
        if number not in self.definitions:
            raise missing()
        return self.definitions[number]


def _is_about(row: Row, verb: str, record: Record, name: str) -> bool:
    noun, _, said = str(row["eventType"]).partition(".")
    if said != verb or (verb == "propertyChange" and row.get("propertyName") != name):
        return False
    if noun == "object":
        return bool(row.get("objectTypeId") == TYPE_IDS[record.kind])
    return noun == NOUNS.get(record.kind)


def _same(row: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    names = ("eventType", "propertyName", "objectTypeId")
    return all((row.get(n) or "") == (body.get(n) or "") for n in names)
