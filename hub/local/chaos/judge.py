"""The verdict: what the carriers and the shop counted, beside what the hub's own rows say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hub.local.chaos.stage import Stage
from hub.store import connections
from hub.store.database import Row, row, rows, run

_SOON = timedelta(minutes=10)

_WAITING = """SELECT
    (SELECT count(*) FROM intakes WHERE state = 'new') AS intakes,
    (SELECT count(*) FROM events WHERE state = 'new') AS events,
    (SELECT count(*) FROM messages WHERE state IN ('scheduled', 'held', 'sending')) AS messages,
    (SELECT count(*) FROM messages WHERE state = 'uncertain') AS uncertain,
    (SELECT count(*) FROM write_backs WHERE state = 'new') AS write_backs,
    (SELECT cursor FROM connections WHERE id = :till) AS cursor"""

# What must never be, whatever was killed; each with the sentence that is printed.
_NEVER: Mapping[str, str] = {
    "events with two messages":
        "SELECT count(*) FROM (SELECT d.event_id FROM decisions d JOIN messages m "
        "ON m.decision_id = d.id WHERE m.stands_in_for IS NULL "
        "GROUP BY 1 HAVING count(*) > 1) twice",
    "events without a decision":
        "SELECT count(*) FROM events e WHERE e.state = 'decided' AND NOT EXISTS "
        "(SELECT 1 FROM decisions d WHERE d.event_id = e.id)",
    "messages that two attempts had accepted":
        "SELECT count(*) FROM (SELECT message_id FROM attempts WHERE outcome = 'accepted' "
        "GROUP BY 1 HAVING count(*) > 1) twice",
    "messages delivered and then something less":
        "SELECT count(DISTINCT m.id) FROM messages m JOIN receipts r ON r.message_id = m.id "
        "WHERE r.state = 'delivered' AND m.state NOT IN ('delivered', 'read')",
    "deliveries that could not be opened":
        "SELECT count(*) FROM intakes WHERE state IN ('bad', 'dead')",
    "write-backs given up":
        "SELECT count(*) FROM write_backs WHERE state IN ('dead', 'refused')",
    "messages given up":
        "SELECT count(*) FROM messages "
        "WHERE state IN ('failed', 'expired', 'cancelled', 'skipped') AND NOT EXISTS "
        "(SELECT 1 FROM messages s WHERE s.stands_in_for = messages.id)",
}  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """The figures of the end. `faults` are the wrongs by name, all zero when nothing is wrong;
    `shown` are orders without a message that a person can see in doubt."""

    lost: int
    double: int
    uncertain: int
    untold: int
    told_twice: int
    shown: int
    broken: Mapping[str, int] = field(default_factory=dict)
    which: Sequence[int] = ()

    def faults(self, *, doubt_may_stay: bool) -> dict[str, int]:
        """The wrongs by name."""
        found = {
            "lost": self.lost,
            "double": self.double,
            "uncertain left": 0 if doubt_may_stay else self.uncertain,
            "write-backs missing": self.untold,
            "write-backs twice": self.told_twice,
        }
        return found | dict(self.broken)


def waiting(stage: Stage) -> dict[str, Any]:
    """What is still on its way in the hub, by shelf, and how far the poll has read."""
    with stage.ground.database.begin() as db:
        found = row(db, _WAITING, till=stage.till_id)
    return dict(found) if found else {}


def is_quiet(seen: Mapping[str, Any], orders: int, running: Mapping[str, Any]) -> bool:
    """Nothing moves any more by itself: all is read, opened, decided, sent or in doubt, told."""
    still = ("intakes", "events", "messages", "write_backs")
    read = int(seen["cursor"] or -1) >= orders - 1
    return read and not any(seen[name] for name in still) and not running["receipts_waiting"]


def ask_for_poll(stage: Stage) -> None:
    """As an operator does after an outage: the source is polled now. Who was stopped while it held
    the source's row is waited for: PostgreSQL takes it from them after half a minute."""
    with stage.ground.database.begin() as db:
        run(db, "SET LOCAL lock_timeout = '40s'")
        run(db, "SET LOCAL statement_timeout = '40s'")
        connections.due_again(db, stage.till_id, stage.ground.clock())


def verdict(stage: Stage, orders: int) -> Verdict:
    """Count everything."""
    counted = stage.oracle.ask("counts", orders=orders)
    shown = _shown(stage)
    with stage.ground.database.begin() as db:
        run(db, "SET LOCAL statement_timeout = '10min'")  # a million orders take their time
        broken = {
            name: int((row(db, f"SELECT ({sql}) AS n") or {"n": 0})["n"])
            for name, sql in _NEVER.items()
        }
    missing = set(counted["which_missing"])
    return Verdict(
        lost=counted["missing"] - len(shown & missing) + counted["strange"],
        double=counted["double"],
        uncertain=int(waiting(stage)["uncertain"]),
        untold=counted["untold"],
        told_twice=counted["told_twice"],
        shown=len(shown & missing),
        broken=broken,
        which=sorted(missing - shown)[:20],
    )


def _shown(stage: Stage) -> set[int]:
    """Orders whose message stands as uncertain, where a person sees it."""
    with stage.ground.database.begin() as db:
        found: Sequence[Row] = rows(db, "SELECT subject FROM messages WHERE state = 'uncertain'")
    return {int(r["subject"].partition(":")[2]) for r in found}
