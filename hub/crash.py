"""Crash points by name: where a proof may kill this process, as a power cut or an out-of-memory
would. Free of cost unless `HUB_CRASH_AT` names one."""

import os
import signal
from collections.abc import Mapping
from itertools import count
from pathlib import Path

# What was done there and what follows, in the words of hub/RELIABILITY.md. The numbers are those of
# the design; C28 (a pause) and C34 (a lost disk) are no place in the code.
POINTS: Mapping[str, str] = {
    "C1": "A delivery has come, its body is not read: no answer was given, so it is sent again.",
    "C2": "The delivery is proven genuine and not written: no answer was given, it is sent again.",
    "C3": "The delivery is written with others: PostgreSQL keeps all or none; it is sent again.",
    "C4": "The delivery is kept and not answered: sent again, it is known by its name.",
    "C5": "The delivery is answered and nobody is woken: the sweep finds it.",
    "C6": "An arrow is done and wakes nobody, as when Redis is gone: the sweep finds what it left.",
    "C7": "A nudge is taken and nothing done: the sweep comes again, and twice finds nothing new.",
    "C8a": "Deliveries are opened, not committed: they are opened again, to the same events.",
    "C9a": "Deliveries are opened and nobody is told: their events wait for the sweep.",
    "C8": "Events are decided, not committed: decided again, to the same messages.",
    "C9": "Events are decided and nobody is told: their messages wait for the sweep.",
    "C10": "Money is set aside and its message not started: one transaction, so neither is kept.",
    "C11": "An automation is half saved: the version before stays in force, whole.",
    "C12": "Messages are claimed, not committed: they are as before, the next worker takes them.",
    "C13": "Messages are claimed and the carrier is not called: uncertain until that is proven.",
    "C14": "The carrier's line may stand and nothing is written: uncertain until that is proven.",
    "C15": "The request's head is written, its body not: uncertain, the carrier is asked.",
    "C16": "The request is written and no answer read: uncertain, the carrier is asked.",
    "C17": "The answer has come and is not read: uncertain, the carrier is asked and says yes.",
    "C18": "The answer is read and not written down: uncertain, the carrier is asked and says yes.",
    "C19": "The answer is written, not committed: uncertain, the carrier is asked and says yes.",
    "C20": "The message is sent and its write-back wakes nobody: the sweep finds it.",
    "C21": "Receipts are read, not committed, perhaps before their answer: they are read again.",
    "C22": "A receipt or reply is kept and not answered: told again, it is known by its name.",
    "C23": "The next arrow is woken and the answer lost: what is told again is known by its name.",
    "C24": "A STOP is heard and not yet obeyed: one transaction, so it is heard again.",
    "C25": "The CRM is told and that is not written down: told again under the same marker.",
    "C26": "Tokens are renewed and not kept: the old are tried, else a person must reconnect.",
    "C27": "A dead worker's messages are found and not marked: the next sweep marks them.",
    "C29": "A page is kept and its cursor is not: the page is read again, and nothing is new.",
    "C30": "A step of the schema is taken, not committed: the schema is the one before.",
    "C31": "A backup is read and not made safe: it stands aside, and the rows are those before it.",
    "C32": "Keys are being changed: every sealed value names its key, and the rest goes on later.",
    "C33": "A person is being erased: the rest goes on later, from where it stopped.",
}

_AT, _, _TIMES = os.environ.get("HUB_CRASH_AT", "").partition(":")
_LAST = int(_TIMES) if _TIMES.isdecimal() else 1  # the passage that is this process's last
_ONCE = os.environ.get("HUB_CRASH_ONCE", "")  # a file: once it stands, nobody dies any more
_passages = count(1)


def _pass(point: str) -> None:
    """Nobody asked for a crash."""


def _die(point: str) -> None:
    if point == _AT and next(_passages) >= _LAST and _first():
        os.kill(os.getpid(), signal.SIGKILL)


def _first() -> bool:
    """Whether nobody died of this before; of two at once, one does."""
    try:
        if _ONCE:
            Path(_ONCE).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


at = _die if _AT and not (_ONCE and Path(_ONCE).exists()) else _pass
