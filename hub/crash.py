"""Crash points by name: where a proof may kill this process, as a power cut or an out-of-memory
would. Free of cost unless `HUB_CRASH_AT` names one."""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

# What happens there, in the words of hub/RELIABILITY.md.
POINTS: Mapping[str, str] = {}

_AT, _, _TIMES = os.environ.get("HUB_CRASH_AT", "").partition(":")


def _pass(point: str) -> None:
    """Nobody asked for a crash."""


def _die(point: str) -> None:
    if point == _AT:
        os.kill(os.getpid(), signal.SIGKILL)


at = _die if _AT else _pass
