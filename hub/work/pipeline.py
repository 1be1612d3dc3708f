"""The road's arrows as tasks. Each calls one room and wakes the next; this page is the map."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from celery import Celery

from hub import config, crash
from hub.automations.decide import decide_batch
from hub.automations.judge import judge
from hub.connections.health import look_after_due
from hub.intake.open import open_batch
from hub.intake.pull import pull_due
from hub.report.attribution import attribute_due
from hub.report.completions import complete_due
from hub.report.reconcile.rounds import reconcile_due
from hub.report.telling import tell_endpoints
from hub.report.write_back import tell_due
from hub.send.clicks import settle_clicks
from hub.send.codes import mint_due
from hub.send.dispatch import send_due
from hub.send.doubt import settle_doubtful
from hub.send.expiry import expire_due
from hub.send.orphans import match_orphans
from hub.send.settle import settle_batch
from hub.send.silent import ask_silent
from hub.store import backlog
from hub.store.ground import Ground
from hub.work.appetite import Appetite
from hub.work.liveness import Proof
from hub.work.nudges import ARROWS, Nudges
from hub.work.stretch import Stretch

log = logging.getLogger(__name__)

BATCH = 200
DOUBTS = 50  # each is a question to a carrier
IN_A_ROW = 20  # arrows that one worker follows before it looks at what waits for all

Due = list[str]
_SENDING = ("send_transactional", "send_marketing")
_TELLING = ("write_back", "tell")


@dataclass(frozen=True)
class Pipeline:
    """What every task uses. Each arrow says which have something to do after it: itself too, where
    it did as much as it may do at once; else whoever brought the rest is seeing to it.

    The worker that ran it goes on with the first of them, and wakes others for the rest.
    """

    ground: Ground
    nudge: Nudges
    proof: Proof
    stretch: Stretch = field(default_factory=Stretch)
    appetite: Appetite = field(default_factory=Appetite)

    def open(self) -> Due:
        """Intake → event. Where many wait, others may do the same beside us."""
        if not self.stretch.enter():
            return []
        if open_batch(self.ground, BATCH) == BATCH:
            self.stretch.leave()
            self.nudge("open")
        return ["decide"]

    def decide(self) -> Due:
        """Event → decision and message."""
        done = decide_batch(self.ground, BATCH)
        self.stretch.leave()
        again = ("decide",) if done == BATCH else ()
        return self._due(1, *again, *_SENDING, "open", "complete", "attribute")

    def attribute(self) -> Due:
        """Order → the message that brought it."""
        done = attribute_due(self.ground, BATCH)
        return self._due(done, "attribute", *_TELLING)

    def send_transactional(self) -> Due:
        """Message → carrier, for what people wait for."""
        return self._send("transactional")

    def send_marketing(self) -> Due:
        """Message → carrier, for what may wait."""
        return self._send("marketing")

    def mint(self) -> Due:
        """Code → the shop that honours it; the messages that name it go on."""
        done = mint_due(self.ground)
        return self._due(done, "mint", *_SENDING)

    def settle(self) -> Due:
        """Receipt and reply → message state; a STOP may have a confirmation to send, an RCS message
        an SMS beneath it."""
        done = settle_batch(self.ground, BATCH)
        return self._due(done, "settle", *_TELLING, *_SENDING, "complete")

    def clicks(self) -> Due:
        """Click → message."""
        done = settle_clicks(self.ground, BATCH)
        return self._due(done, "clicks", *_TELLING)

    def expire(self) -> Due:
        """RCS message whose time is over → taken back, or asked about; the SMS beneath it."""
        done = expire_due(self.ground)
        return self._due(done, "expire", *_SENDING, *_TELLING)

    def doubt(self) -> Due:
        """Uncertain message → proof, one way or the other."""
        done = settle_doubtful(self.ground, DOUBTS)
        return self._due(done, "doubt", *_SENDING, *_TELLING)

    def write_back(self) -> Due:
        """Outcome → the CRM's record."""
        return self._due(tell_due(self.ground), "write_back")

    def tell(self) -> Due:
        """What happened → the programs that listen."""
        return self._due(tell_endpoints(self.ground), "tell")

    def complete(self) -> Due:
        """What became of a message → the workflow's step that waits for it."""
        return self._due(complete_due(self.ground), "complete")

    def pull(self) -> Due:
        """Poll → intake, for what no webhook told."""
        return self._due(pull_due(self.ground), "open")

    def look_after(self) -> Due:
        """Connection → checked, subscribed, repaired."""
        look_after_due(self.ground)
        return []

    def reconcile(self) -> Due:
        """What should agree → compared; what carriers owe us → asked for, or read again."""
        again = match_orphans(self.ground)
        told = ask_silent(self.ground)
        reconcile_due(self.ground)
        woken = ("reconcile", "settle", "write_back", *_SENDING)
        return self._due(told + again, *woken)

    def _send(self, kind: str) -> Due:
        """As many as it can be done with before it might be taken for dead."""
        settings = self.ground.settings
        within = settings.lease - config.LONGEST_CALL * settings.carrier_deadline
        with self.appetite.bite(within) as bite:
            bite.found = send_due(self.ground, kind, self.proof, judge, bite.many)
        again = (f"send_{kind}",) if bite.found == bite.many else ()
        return self._due(bite.found, *again, "mint", *_TELLING, "complete")

    def _due(self, done: int, *following: str) -> Due:
        """Those of these that have something to do now, where anything was done, in their order."""
        if not done:
            return []
        with self.ground.database.begin() as db:
            due = backlog.due(db, self.ground.clock(), following)
        return [arrow for arrow in following if arrow in due]


def register(celery: Celery, pipeline: Pipeline) -> None:
    """Make each arrow a task of its name."""
    for arrow in ARROWS:
        celery.task(name=arrow)(_task(celery, pipeline, arrow))


def _task(celery: Celery, pipeline: Pipeline, arrow: str) -> Callable[[], None]:
    def task() -> None:
        crash.at("C7")
        due = _run(pipeline, arrow)
        for _ in range(IN_A_ROW):
            mine = next((a for a in due if a in celery.amqp.queues.consume_from), None)
            if mine is None:
                break
            pipeline.nudge(*(a for a in due if a != mine))
            due = _run(pipeline, mine)
        pipeline.nudge(*due)

    return task


def _run(pipeline: Pipeline, arrow: str) -> Due:
    """One line in the log for each run. A failure is logged and left to the sweep: the rows say
    what is still to be done."""
    began = time.monotonic()
    due: Due = []
    try:
        due = getattr(pipeline, arrow)()
    except Exception:
        log.exception("task.failed", extra={"arrow": arrow})
    seconds = round(time.monotonic() - began, 4)
    log.debug("task.finished", extra={"arrow": arrow, "seconds": seconds})
    return due
