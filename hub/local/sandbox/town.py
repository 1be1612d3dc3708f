"""A town: what one sandbox plays with. Its vendors stand at need, its clock is ahead as far as its
people moved it, and what arrives is walked here, by that clock, at that sandbox's desk alone."""

import logging
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID

from hub import registry
from hub.contract import Clock
from hub.local.cast import CAST
from hub.local.demo import validity
from hub.local.demo.acts import Acts
from hub.local.demo.neighbours import Phones, Shop
from hub.local.demo.street import OTHERS, Neighbour, hand_out, publish_pictures
from hub.local.sandbox.stands import Stand
from hub.store import backlog, sandboxes
from hub.store.ground import Ground
from hub.work.liveness import Proof
from hub.work.nudges import ARROWS
from hub.work.pipeline import Pipeline

log = logging.getLogger(__name__)

# What is compared over all merchants is none of a town's business.
WALKED = tuple(arrow for arrow in ARROWS if arrow != "reconcile")
_ROUNDS = 60  # arrows in one go
_STOPS = 100  # on the way to a later hour
EVERY = 0.4  # seconds between two looks while somebody plays
AWAKE = 900.0  # seconds after which a town that nobody looks at only waits


def _nobody(*arrows: str) -> None:
    """The town walks by itself: no worker needs to be woken."""


@dataclass
class Town:
    """One sandbox's. `life` names this town: another life has forgotten what this one did; one that
    `is_anew` stands where another stood."""

    sandbox_id: UUID
    ground: Ground
    found: registry.Registry
    pipeline: Pipeline
    _ahead: list[timedelta]
    acts: Acts
    others: dict[str, Neighbour]
    stands: dict[str, Stand] = field(default_factory=dict)
    life: str = field(default_factory=lambda: secrets.token_hex(6))
    is_anew: bool = False
    luck: set[str] = field(default_factory=set)
    seen_at: float = field(default_factory=time.monotonic)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _woken: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def open(
        cls, ground: Ground, found: registry.Registry, proof: Proof, sandbox_id: UUID,
        ahead: timedelta,
    ) -> "Town":  # fmt: skip
        """Its two first vendors stand; nothing is connected yet."""
        moved = [ahead]
        own = replace(
            ground,
            database=sandboxes.at_desk(ground.settings.database_url, sandbox_id),
            clock=lambda: ground.clock() + moved[0],
            settings=replace(ground.settings, poll_every=2.0),
        )
        stands = {s: _stand(found, s, own.clock) for s in (CAST["shop"], CAST["phones"])}
        shop = cast("Shop", stands[CAST["shop"]].played)
        phones = cast("Phones", stands[CAST["phones"]].played)
        hand_out(phones)
        publish_pictures(shop)
        others = {part: _neighbour(found, part) for part in OTHERS}
        acts = Acts(shop, phones, others, own.clock, timedelta(0))
        pipeline = Pipeline(own, cast("Any", _nobody), proof)
        return cls(sandbox_id, own, found, pipeline, moved, acts, others, stands)

    @property
    def ahead(self) -> timedelta:
        """How far its clock is."""
        return self._ahead[0]

    @property
    def now(self) -> datetime:
        """What time it is there."""
        return self.ground.clock()

    def stand(self, slug: str) -> Stand:
        """The vendor of that connector, made at need. Raises registry.NoSuchConnector."""
        with self.lock:
            if slug not in self.stands:
                self.stands[slug] = _stand(self.found, slug, self.ground.clock)
            return self.stands[slug]

    def let_pass(self, span: timedelta) -> None:
        """Move its clock ahead, from one thing that is due to the next: none of them is late."""
        until = self.now + span
        with self.lock:
            for _ in range(_STOPS):
                with self.ground.database.begin() as db:
                    due = sandboxes.next_due(db, self.sandbox_id, self.now, until)
                if due is None:
                    break
                self._move(due)
            self._move(until)

    def _move(self, to: datetime) -> None:
        span = max(to - self.now, timedelta(0))
        with self.ground.database.begin() as db:
            self._ahead[0] = sandboxes.advance(db, self.sandbox_id, span)
        self.walk()

    def walk(self) -> bool:
        """One go along the road; whether anything was due."""
        with self.lock:
            validity.give_up(self.acts.phones, self.now)
            with self.ground.database.begin() as db:
                due = backlog.due(db, self.now, WALKED)
            for _ in range(_ROUNDS):
                if not due:
                    return False
                due += (a for a in self._arrow(due.pop(0)) if a in WALKED and a not in due)
            return True

    def _arrow(self, arrow: str) -> list[str]:
        try:
            found: list[str] = getattr(self.pipeline, arrow)()
        except Exception:  # the rows say what is still to be done
            log.exception("sandbox.failed", extra={"arrow": arrow})
            return []
        return found

    def touch(self) -> None:
        """Somebody plays here."""
        self.seen_at = time.monotonic()
        self._woken.set()

    def live(self) -> None:
        """Walk while somebody plays, until it is closed; the carrier's and the shop's own threads
        deliver meanwhile."""
        while not self._stop.is_set():
            awake = time.monotonic() - self.seen_at < AWAKE
            if awake:
                try:
                    self.walk()
                except Exception as error:  # the database is away: the next look may find it
                    log.warning("sandbox.waits", extra={"why": type(error).__name__})
            self._woken.wait(EVERY if awake else None)
            self._woken.clear()

    def close(self) -> None:
        """Nobody plays here any more."""
        self._stop.set()
        self._woken.set()
        for one in list(self.stands.values()):
            one.close()
        self.ground.database.engine.dispose()

    @property
    def connected(self) -> Mapping[str, str]:
        """The connections to its vendors by connector."""
        return {s: one.connection_id for s, one in self.stands.items() if one.connection_id}


def _neighbour(found: registry.Registry, part: str) -> Neighbour:
    entry = found.entry(CAST[part])
    return Neighbour(
        part, entry.connector.title if entry.connector else part, problem=entry.problem
    )


def _stand(found: registry.Registry, slug: str, clock: Clock) -> Stand:
    return Stand.open(slug, found.get(slug).title, found.simulator(slug, clock), clock)


def start(town: Town) -> None:
    """Let it live, on a thread of its own."""
    name = f"town-{town.sandbox_id.hex[-4:]}"
    threading.Thread(target=partial(town.live), name=name, daemon=True).start()
