"""Kannel's receipt states and the operator's answer beneath them, in the hub's words."""

import re
from dataclasses import dataclass

# One bit each of the mask that was asked for.
_STATES = {"1": "delivered", "2": "failed", "4": "sent", "8": "sent", "16": "failed"}
_REFUSED = "16"
_NO_SUCH_NUMBER = 0x0B  # SMPP's ESME_RINVDSTADR, as Kannel quotes it
_SENTENCES = {
    "2": "The operator could not deliver the message.",
    "16": "The operator refused the message.",
}
_TOO_LATE = "The phone could not be reached in time, so the operator gave up."
# SMPP's receipt as a text. What follows "text:" is the start of the message itself: anybody's.
_FIELD = re.compile(r"\b(stat|err):([0-9A-Za-z]{1,12})", re.I)
_NACK = re.compile(r"\s*NACK/(0x[0-9a-f]{1,8}|\d{1,10})\b", re.I)


@dataclass(frozen=True)
class Status:
    """A receipt's state in the hub's words. `state` is empty when it changes nothing."""

    state: str
    code: str
    words: str = ""
    blocked: bool = False
    dead_number: bool = False


def status_of(state: str, answer: str, opt_out_codes: str) -> Status:
    """What Kannel's `%d` and `%A` say together. `opt_out_codes` are those that mean an opt-out at
    this operator, with commas."""
    state = state.strip()
    fields = _fields(answer)
    codes = [code for code in (fields.get("nack", ""), fields.get("err", "")) if code]
    meaning = _STATES.get(state, "")
    if meaning == "failed" and fields.get("stat") == "EXPIRED":
        meaning = "expired"
    opted_out = {_number(code) for code in opt_out_codes.split(",") if code.strip()}
    failed = meaning == "failed"
    words = _SENTENCES.get(state, "") if failed else _TOO_LATE if meaning == "expired" else ""
    return Status(
        state=meaning,
        code="/".join([*filter(None, [fields.get("stat", "")]), *codes]) or f"dlr {state}"[:40],
        words=words,
        blocked=failed and any(_number(code) in opted_out for code in codes),
        dead_number=state == _REFUSED and _number(fields.get("nack", "")) == str(_NO_SUCH_NUMBER),
    )


def _fields(answer: str) -> dict[str, str]:
    head = re.split(r"\btext:", answer[:2000], maxsplit=1, flags=re.I)[0]
    found = {name.lower(): value.upper() for name, value in _FIELD.findall(head)}
    nack = _NACK.match(head)
    return found | ({"nack": nack[1].lower()} if nack else {})


def _number(code: str) -> str:
    """A code in decimal where it is a number, so that 0x0B, 011 and 11 can be told apart or not:
    hexadecimal is a number, what an operator pads with zeros is kept as it is written."""
    code = code.strip().lower()
    try:
        return str(int(code, 16)) if code.startswith("0x") else code
    except ValueError:
        return code
