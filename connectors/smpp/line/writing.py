"""A part of a message in SMPP's form: who it is from, who it is for, how long it may take."""

from datetime import timedelta

from hub.contract import Outgoing

from ..wire.parts import Part
from ..wire.pdu import Address, Submit

_ALPHANUMERIC, _INTERNATIONAL, _SHORT = (5, 0), (1, 1), (3, 0)  # type of number, numbering plan
_LONGEST_SHORT_CODE = 6
_LONGEST_VALIDITY = timedelta(days=63)


def address_of(sender: str) -> Address:
    """A sender as operators want it: a name, a short code, or a number without its plus."""
    bare = sender.strip()
    if not bare:
        return Address(0, 0, "")  # the operator's own
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return Address(*_ALPHANUMERIC, bare)
    short = not bare.startswith("+") and len(digits) <= _LONGEST_SHORT_CODE
    return Address(*(_SHORT if short else _INTERNATIONAL), digits)


def validity_of(span: timedelta | None) -> str:
    """SMPP's relative time: years, months, days, hours, minutes, seconds, and three fixed signs."""
    if not span:
        return ""
    seconds = int(min(span, _LONGEST_VALIDITY).total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    return f"00{days // 30:02d}{days % 30:02d}{hours:02d}{minutes:02d}{seconds % 60:02d}000R"


def submit_of(message: Outgoing, part: Part) -> Submit:
    """One part of a message as the operator is asked to carry it."""
    return Submit(
        source=address_of(message.sender),
        destination=Address(*_INTERNATIONAL, message.to.e164.removeprefix("+")),
        message=part.octets,
        data_coding=part.data_coding,
        headed=part.headed,
        validity=validity_of(message.within),
    )
