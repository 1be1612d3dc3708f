"""Carriers without a vendor behind them, and messages that wait: for tests of what stands between
a claim and a call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from hub.contract import Phone
from hub.contract.kit.toy import Toy
from hub.send.dispatch import send_due
from hub.send.doubt import settle_doubtful
from hub.store import automations, connections, numbers
from hub.store.database import Row, new_id, rows, run
from hub.store.ground import Ground

AddCarrier = Callable[..., UUID]
AddMessages = Callable[..., list[UUID]]


@pytest.fixture
def add_carrier(ground: Ground, workspace: UUID, cast: Mapping[str, str]) -> AddCarrier:
    """`add_carrier(label, **settings)`: one more active carrier connection; its id."""

    def add(label: str = "A", of: UUID | None = None, **settings: str) -> UUID:
        with ground.database.begin() as db:
            made = connections.add(
                db,
                ground.vault,
                workspace_id=of or workspace,
                connector=cast["phones"],
                settings=settings,
                secrets={},
            )
            connections.activate(db, made, vendor_state={}, poll_due_at=None, check_due_at=None)
            rows(
                db,
                "UPDATE connections SET label = :label WHERE id = :id RETURNING id",
                label=label,
                id=made,
            )
        return made

    return add


@pytest.fixture
def add_messages(ground: Ground, workspace: UUID) -> AddMessages:
    """`add_messages(phones, **columns)`: scheduled SMS, one to each; their ids."""

    def add(phones: Sequence[str], **more: Any) -> list[UUID]:
        ids = [new_id() for _ in phones]
        found = [numbers.number_of(ground.vault, workspace, Phone.of(one)) for one in phones]
        columns = {"automation_id": None, **more}
        with ground.database.begin() as db:
            numbers.keep_all(db, ground.vault, [(workspace, number) for number in found])
            rows(
                db,
                """INSERT INTO messages (id, workspace_id, automation_id, template_id,
                       template_version, kind, channel, phone, language, zone, variables, state,
                       due_at, created_at, changed_at)
                   SELECT m.id, :workspace, :automation_id, t.id, t.version, 'transactional', 'sms',
                       m.phone, 'fr', 'Europe/Paris', '{}', 'scheduled', :now, :now, :now
                   FROM unnest(CAST(:ids AS uuid[]), CAST(:phones AS text[])) AS m(id, phone),
                       (SELECT id, version FROM templates WHERE workspace_id = :workspace
                        ORDER BY id LIMIT 1) t RETURNING id""",
                workspace=workspace,
                ids=ids,
                phones=[number.token for number in found],
                now=ground.clock(),
                **columns,
            )
        return ids

    return add


@dataclass(frozen=True)
class Toys:
    """A carrier in memory, connected; `sends()` walks what is due to it."""

    ground: Ground
    toy: Toy
    carrier_id: UUID

    def sends(self, limit: int = 500) -> None:
        """Send what is due now."""
        send_due(self.ground, "transactional", _Alive(), _say_yes, limit)
        send_due(self.ground, "marketing", _Alive(), _say_yes, limit)

    def all(self) -> list[Row]:
        """Every message, oldest first."""
        with self.ground.database.begin() as db:
            return list(rows(db, "SELECT * FROM messages ORDER BY id"))

    def wait(self, **span: float) -> Row:
        """Move the clock and look into doubts and what is due; the first message as it is then."""
        self.ground.clock.move(**span)  # type: ignore[attr-defined]
        settle_doubtful(self.ground)
        self.sends()
        return self.all()[0]


class _Alive:
    def prove(self) -> int:
        return 1

    def alive(self, owner: int) -> bool:
        return True


@dataclass(frozen=True)
class _Yes:
    action: str = "send"
    reason: str = ""
    sentence: str = ""
    due_at: datetime | None = None


def _say_yes(db: Any, due: Sequence[Row], now: datetime) -> Mapping[UUID, _Yes]:
    return {m["id"]: _Yes() for m in due}


@pytest.fixture
def toys(ground: Ground, workspace: UUID, clock: Any) -> Callable[..., Toys]:
    """`toys(proof, **settings)`: the workspace's carrier is a toy of that class."""

    def connect(proof: str, **settings: str) -> Toys:
        toy = Toy(clock)
        there = replace(ground, connectors={"toy": toy.connector(proof)})
        with ground.database.begin() as db:
            made = connections.add(
                db, ground.vault, workspace_id=workspace, connector="toy", settings=settings,
                secrets={},
            )  # fmt: skip
            connections.activate(db, made, vendor_state={}, poll_due_at=None, check_due_at=None)
        return Toys(there, toy, made)

    return connect


@pytest.fixture
def policy(ground: Ground, workspace: UUID) -> Callable[[Sequence[str], int], None]:
    """`policy(ids, minutes)`: the automation behind these messages sends again after so long."""

    def give(ids: Sequence[str], minutes: int) -> None:
        document = {"on_uncertain": {"resend_after": minutes}}
        now, decision = ground.clock(), new_id()
        with ground.database.begin() as db:
            made = automations.save(db, workspace, "again", document, "live", now)
            run(
                db,
                """INSERT INTO decisions (id, workspace_id, automation_id, version, action, checks,
                       record, decided_at)
                   VALUES (:id, :shop, :automation, :version, 'send', '[]', '{}', :now)""",
                id=decision, shop=workspace, automation=made["id"], version=made["version"],
                now=now,
            )  # fmt: skip
            run(
                db,
                """UPDATE messages SET decision_id = :decision, automation_id = :automation
                   WHERE id = ANY(CAST(:ids AS uuid[]))""",
                decision=decision, automation=made["id"], ids=list(ids),
            )  # fmt: skip

    return give
