"""A merchant's history written row by row, as the road would leave it, and what it comes to."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from hub.store.database import first_id, jsonb, rows, run
from hub.store.ground import Ground


@dataclass
class Told:
    """One merchant's rows by hand; `tally` counts what the figures must say of them."""

    ground: Ground
    workspace: UUID
    carrier: UUID
    automation: UUID
    template: UUID
    sent: list[dict[str, Any]] = field(default_factory=list)
    tally: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    _n: Any = field(default_factory=lambda: count(1))

    def name(self, at: datetime) -> UUID:
        """A row's name, made at that instant."""
        return UUID(int=first_id(at).int | 7 << 76 | 2 << 62 | next(self._n))

    def put(self, table: str, **row: Any) -> None:
        """One row."""
        columns = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        with self.ground.database.begin() as db:
            run(db, f"INSERT INTO {table} ({columns}) VALUES ({values})", **row)  # noqa: S608

    def arrive(self, at: datetime, type: str = "order.created", phone: str = "") -> UUID:
        """An event."""
        one, intake = self.name(at), self.name(at)
        self.put("intakes", id=intake, workspace_id=self.workspace, road="events", source="test",
                 dedupe_key=intake.bytes, sealed=b"", received_at=at)  # fmt: skip
        self.put("events", id=one, workspace_id=self.workspace, intake_id=intake, type=type,
                 key=one.hex, subject=f"order:{one}", occurred_at=at, received_at=at,
                 data=jsonb({}), person=jsonb({}), phone=phone, state="decided",
                 connection_id=self.carrier)  # fmt: skip
        self._count(at, "events", reason=type)
        return one

    def answer(self, at: datetime, action: str, reason: str = "", phone: str = "") -> None:
        """A decision."""
        self.put("decisions", id=self.name(at), workspace_id=self.workspace, phone=phone,
                 automation_id=self.automation, action=action, reason=reason, checks=jsonb([]),
                 record=jsonb({}), decided_at=at)  # fmt: skip
        self._count(at, "decided", state=action, reason=reason)

    def plan(self, at: datetime, state: str, channel: str = "sms", **more: Any) -> dict[str, Any]:
        """A message; one that is sent went at `sending_at`, else at once."""
        went = state not in ("scheduled", "held", "cancelled", "skipped")
        one = {
            "id": self.name(at), "workspace_id": self.workspace, "template_id": self.template,
            "automation_id": self.automation, "template_version": 1, "kind": "marketing",
            "channel": channel, "phone": "p", "language": "fr", "zone": "Europe/Paris",
            "variables": jsonb({}), "state": state, "due_at": at, "created_at": at,
            "changed_at": at, "tries": int(went), "sending_at": at if went else None,
            "sent_at": at if went and state != "uncertain" else None, **more,
        }  # fmt: skip
        self.put("messages", **one)
        self._count(at, "planned", state="" if went else state, channel=channel)
        if went:
            self.put("attempts", message_id=one["id"], n=1, carrier_id=self.carrier, owner=1,
                     started_at=one["sending_at"])  # fmt: skip
            self.sent.append(one)
            self._went(one, 1)
        return one

    def settle(self, one: dict[str, Any], state: str, at: datetime) -> None:
        """A receipt, and the state it brings."""
        self._went(one, -1)
        one |= {"state": state, "sent_at": one["sent_at"] or at}
        self._went(one, 1)
        with self.ground.database.begin() as db:
            run(db, "UPDATE messages SET state = :state, sent_at = coalesce(sent_at, :at) "
                    "WHERE id = :id", id=one["id"], state=state, at=at)  # fmt: skip
        self.put("receipts", id=self.name(at), workspace_id=self.workspace,
                 intake_id=self._post(at), connection_id=self.carrier, message_id=one["id"],
                 carrier_message_id=one["id"].hex, reference="", state=state,
                 code=str(next(self._n)), received_at=at)  # fmt: skip

    def click(self, one: dict[str, Any], at: datetime) -> None:
        """The first opening of its link."""
        token = self.name(at).bytes
        self.put("links", token_hash=token, workspace_id=self.workspace, message_id=one["id"],
                 kind="link", target="", expires_at=at, created_at=at)  # fmt: skip
        self.put("clicks", id=self.name(at), workspace_id=self.workspace, token_hash=token,
                 message_id=one["id"], who="person", at=at, state="told")  # fmt: skip
        with self.ground.database.begin() as db:
            run(db, "UPDATE messages SET clicks = clicks + 1 WHERE id = :id", id=one["id"])
        self._once(one, "clicked")

    def reply(self, one: dict[str, Any], keyword: str, at: datetime) -> None:
        """An answer to it."""
        self.put("replies", id=self.name(at), workspace_id=self.workspace,
                 intake_id=self._post(at), connection_id=self.carrier, message_id=one["id"],
                 phone="p", body="",
                 carrier_reply_id=str(next(self._n)), keyword=keyword, received_at=at)  # fmt: skip
        self._once(one, "replied")
        if keyword == "stop":
            self._once(one, "stopped")

    def order(self, one: dict[str, Any], how: str, amount: str, at: datetime) -> None:
        """What it brought."""
        event = self.arrive(at)
        self.put("conversions", id=self.name(at), workspace_id=self.workspace, event_id=event,
                 message_id=one["id"], connection_id=self.carrier, subject=str(event), how=how,
                 amount=Decimal(amount), currency="EUR", at=at)  # fmt: skip
        self._once(one, "bought")
        self._count(one["sending_at"], "revenue", one["channel"], reason=how, currency="EUR")

    def cost(self, one: dict[str, Any], micros: int) -> None:
        """What its attempt cost."""
        self.put("costs", message_id=one["id"], n=1, workspace_id=self.workspace,
                 connection_id=self.carrier, channel=one["channel"], country="FR", parts=1,
                 micros=micros, currency="EUR", state="reserved", day=one["sending_at"].date(),
                 at=one["sending_at"])  # fmt: skip
        self._count(one["sending_at"], "cost", one["channel"], currency="EUR")

    def kept(self) -> dict[tuple[Any, ...], int]:
        """What the figures say, by day and kind."""
        with self.ground.database.begin() as db:
            found = rows(db, "SELECT day, what, channel, state, reason, currency, sum(n)::int AS n "
                             "FROM figures WHERE workspace_id = :w GROUP BY 1, 2, 3, 4, 5, 6",
                         w=self.workspace)  # fmt: skip
        return {tuple(r.values())[:6]: r["n"] for r in found}

    def meant(self) -> dict[tuple[Any, ...], int]:
        """What they should say."""
        return {key: n for key, n in self.tally.items() if n}

    def _post(self, at: datetime) -> UUID:
        one = self.name(at)
        self.put("intakes", id=one, workspace_id=self.workspace, road="carrier", source="test",
                 dedupe_key=one.bytes, sealed=b"", received_at=at)  # fmt: skip
        return one

    def _went(self, one: dict[str, Any], n: int) -> None:
        what = "sent" if one["sent_at"] else "tried"
        self._count(one["sending_at"], what, one["channel"], one["state"], n=n)

    def _once(self, one: dict[str, Any], what: str) -> None:
        if what not in one.setdefault("seen", set()):
            one["seen"].add(what)
            self._count(one["sending_at"], what, one["channel"])

    def _count(self, at: datetime, what: str, channel: str = "", state: str = "", reason: str = "",
               currency: str = "", n: int = 1) -> None:  # fmt: skip
        day = at.astimezone(ZoneInfo("Europe/Paris")).date()
        self.tally[(day, what, channel, state, reason, currency)] += n


@pytest.fixture
def history(ground: Ground, workspace: UUID, carrier: Any) -> Told:
    """An empty history of the workspace."""
    with ground.database.begin() as db:
        (names,) = rows(
            db,
            """SELECT a.id AS automation, t.id AS template FROM automations a JOIN templates t
               ON t.workspace_id = a.workspace_id AND t.slug = a.slug
               WHERE a.slug = 'order-confirmed' AND a.workspace_id = :w""",
            w=workspace,
        )
    return Told(ground, workspace, carrier.connection_id, names["automation"], names["template"])
