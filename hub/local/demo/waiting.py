"""Waiting for something to become true, with a limit: never for a length of time."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

Found = TypeVar("Found")


class NeverCame(RuntimeError):
    """What was waited for did not come; the words say what it was."""


def wait_for(look: Callable[[], Found], seconds: float, every: float = 0.05) -> Found:
    """What `look` gives once that is true, or its last answer; a database away is waited for."""
    until = time.monotonic() + seconds
    while True:
        try:
            found = look()
        except SQLAlchemyError:
            if time.monotonic() >= until:
                raise
        else:
            if found or time.monotonic() >= until:
                return found
        time.sleep(every)
