"""The first stretch of the road, from a delivery to its decision: one worker at a time walks it
while few deliveries wait, so that those that come meanwhile go together. It saves work, nothing
else rests on it."""

import logging
from dataclasses import dataclass

from celery import Celery

log = logging.getLogger(__name__)

BUSY = "relais.at.open"
_LONGEST = 1000  # milliseconds after which a worker that does not come back is not waited for


@dataclass(frozen=True)
class Stretch:
    """Who walks it is known at the broker. Without one, or while it is away, everybody may."""

    celery: Celery | None = None

    def enter(self) -> bool:
        """Whether nobody is on it; from now on we are. Who is told no may forget the nudge: whoever
        is on it looks at what waits after leaving it."""
        return bool(self._say("set", BUSY, "1", nx=True, px=_LONGEST))

    def leave(self) -> None:
        """Others may enter: after the commit, and before looking at what waits."""
        self._say("delete", BUSY)

    def _say(self, command: str, *words: str, **options: object) -> object:
        if self.celery is None:
            return True
        try:
            with self.celery.pool.acquire(block=True) as connection:
                return getattr(connection.default_channel.client, command)(*words, **options)
        except Exception as error:
            log.warning("stretch.unknown", extra={"why": type(error).__name__})
            return True
