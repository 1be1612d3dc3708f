"""The road's arrows as tasks. Each calls one room and wakes the next; this page is the map."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from celery import Celery

from hub import crash
from hub.automations.decide import decide_batch
from hub.automations.judge import judge
from hub.connections.health import look_after_due
from hub.intake.open import open_batch
from hub.intake.pull import pull_due
from hub.report.attribution import attribute_due
from hub.report.completions import complete_due
from hub.report.reconcile.rounds import reconcile_due
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
from hub.work.liveness import Proof
from hub.work.nudges import ARROWS, Nudges

log = logging.getLogger(__name__)

BATCH = 200
DOUBTS = 50  # each is a question to a carrier


@dataclass(frozen=True)
class Pipeline:
    """What every task uses. An arrow wakes what has something to do after it, itself included."""

    ground: Ground
    nudge: Nudges
    proof: Proof

    def open(self) -> None:
        """Intake → event."""
        done = open_batch(self.ground, BATCH)
        self._wake(done, "open", "decide")

    def decide(self) -> None:
        """Event → decision and message."""
        done = decide_batch(self.ground, BATCH)
        self._wake(done, "decide", "send_transactional", "send_marketing", "complete", "attribute")

    def attribute(self) -> None:
        """Order → the message that brought it."""
        done = attribute_due(self.ground, BATCH)
        self._wake(done, "attribute", "write_back")

    def send_transactional(self) -> None:
        """Message → carrier, for what people wait for."""
        done = send_due(self.ground, "transactional", self.proof, judge)
        self._wake(done, "send_transactional", "mint", "write_back", "complete")

    def send_marketing(self) -> None:
        """Message → carrier, for what may wait."""
        done = send_due(self.ground, "marketing", self.proof, judge)
        self._wake(done, "send_marketing", "mint", "write_back", "complete")

    def mint(self) -> None:
        """Code → the shop that honours it; the messages that name it go on."""
        done = mint_due(self.ground)
        self._wake(done, "mint", "send_transactional", "send_marketing")

    def settle(self) -> None:
        """Receipt and reply → message state; a STOP may have a confirmation to send, an RCS message
        an SMS beneath it."""
        done = settle_batch(self.ground, BATCH)
        self._wake(done, "settle", "write_back", "send_transactional", "send_marketing", "complete")

    def clicks(self) -> None:
        """Click → message."""
        done = settle_clicks(self.ground, BATCH)
        self._wake(done, "clicks", "write_back")

    def expire(self) -> None:
        """RCS message whose time is over → taken back, or asked about; the SMS beneath it."""
        done = expire_due(self.ground)
        self._wake(done, "expire", "send_transactional", "send_marketing", "write_back")

    def doubt(self) -> None:
        """Uncertain message → proof, one way or the other."""
        done = settle_doubtful(self.ground, DOUBTS)
        self._wake(done, "doubt", "send_transactional", "send_marketing", "write_back")
        if done >= DOUBTS:
            self.nudge("doubt")

    def write_back(self) -> None:
        """Outcome → the CRM's record."""
        self._wake(tell_due(self.ground), "write_back")

    def complete(self) -> None:
        """What became of a message → the workflow's step that waits for it."""
        self._wake(complete_due(self.ground), "complete")

    def pull(self) -> None:
        """Poll → intake, for what no webhook told."""
        if pull_due(self.ground):
            self.nudge("open")

    def look_after(self) -> None:
        """Connection → checked, subscribed, repaired."""
        look_after_due(self.ground)

    def reconcile(self) -> None:
        """What should agree → compared; what carriers owe us → asked for, or read again."""
        again = match_orphans(self.ground)
        told = ask_silent(self.ground)
        reconcile_due(self.ground)
        if again:
            self.nudge("settle")
        self._wake(told, "reconcile", "write_back", "send_transactional", "send_marketing")

    def _wake(self, done: int, *following: str) -> None:
        """Those that have something to do now, this one itself included where more has come."""
        if done:
            with self.ground.database.begin() as db:
                due = backlog.due(db, self.ground.clock(), following)
            self.nudge(*due)


def register(celery: Celery, pipeline: Pipeline) -> None:
    """Make each arrow a task of its name, with one line in the log for each run."""
    for arrow in ARROWS:
        celery.task(name=arrow)(_logged(arrow, getattr(pipeline, arrow)))


def _logged(arrow: str, run: Callable[[], None]) -> Callable[[], None]:
    """The same line for every task. A failure is logged and left to the sweep: the rows say what
    is still to be done."""

    def task() -> None:
        began = time.monotonic()
        crash.at("C7")
        try:
            run()
        except Exception:
            log.exception("task.failed", extra={"arrow": arrow})
        seconds = round(time.monotonic() - began, 4)
        log.debug("task.finished", extra={"arrow": arrow, "seconds": seconds})

    return task
