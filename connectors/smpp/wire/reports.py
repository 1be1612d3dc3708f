"""Receipts as operators deliver them: optional parameters, or a text in a form of old habit."""

import re
from dataclasses import dataclass

from .pdu import Deliver

RECEIPTED_ID, MESSAGE_STATE = 0x001E, 0x0427
_KIND, _RECEIPTS = 0x3C, (0x04, 0x20)  # final, and on the way
_STATES = {
    1: "sent",
    2: "delivered",
    3: "expired",
    4: "failed",
    5: "failed",
    6: "sent",
    8: "failed",
}
_WORDS = {
    "ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "DELETED": 4,
    "UNDELIV": 5, "ACCEPTD": 6, "UNKNOWN": 7, "REJECTD": 8,
}  # fmt: skip
_NAMES = {number: word for word, number in _WORDS.items()}
# What follows "text:" is the start of the message itself: anybody's words.
_FIELD = re.compile(r"\b(id|stat|err):([^\s:]{1,65})", re.I)


@dataclass(frozen=True)
class Report:
    """What an operator says of one part. `state` is empty when it changes nothing; `error` is the
    operator's own code, `code` the whole of it."""

    name: str
    state: str
    code: str
    error: str = ""


def report_of(told: Deliver) -> Report | None:
    """The receipt, or None where it is a person's message or names no message."""
    if told.esm_class & _KIND not in _RECEIPTS:
        return None
    fields = _fields(told.message)
    stated = told.tlvs.get(MESSAGE_STATE, b"")
    number = stated[0] if stated else _WORDS.get(fields.get("stat", "").upper()[:7], 0)
    name = told.tlvs.get(RECEIPTED_ID, b"").partition(b"\0")[0].decode("latin-1")
    word = _NAMES.get(number) or fields.get("stat", "").upper()[:20] or str(number)
    error = fields.get("err", "")
    return Report(
        name=name or fields.get("id", ""),
        state=_STATES.get(number, ""),
        code=f"{word}/{error}" if error else word,
        error=error,
    )


def key_of(name: str, form: str = "same") -> str:
    """An id as it is compared: small letters, no zeros in front. Where receipts write ids another
    way than answers do, `form` says how: "decimal" for hexadecimal answers, or "hexadecimal"."""
    small = name.strip().lower().lstrip("0")
    try:
        if form == "decimal":
            return f"{int(small):x}"
        return str(int(small, 16)) if form == "hexadecimal" else small
    except ValueError:
        return small


def _fields(message: bytes) -> dict[str, str]:
    head = re.split(r"\btext:", message[:1000].decode("latin-1"), maxsplit=1, flags=re.I)[0]
    return {name.lower(): value for name, value in _FIELD.findall(head)}
