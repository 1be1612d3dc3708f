"""Carriers without a vendor behind them, and messages that wait: for tests of what stands between
a claim and a call."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest

from hub.contract import Phone
from hub.store import connections, numbers
from hub.store.database import new_id, rows
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
