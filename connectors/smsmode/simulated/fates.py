"""What becomes of a message, by the phone it goes to."""

from hub.contract.kit.handsets import Handsets

Fate = tuple[str, str]  # status.value and status.detail

ON_ITS_WAY: Fate = ("ENROUTE", "")
_DELIVERED: Fate = ("DELIVERED", "")
_NOWHERE: dict[str, Fate] = {
    "blocks": ("UNDELIVERABLE", "BLACKLISTED"),
    "wrong": ("UNDELIVERABLE", "INVALID_PHONE_NUMBER"),
}
_ON_RCS: dict[str, Fate] = {
    "unreachable": ("UNDELIVERABLE", "PHONE_NOT_SUITABLE"),
    "learns_late": ("UNDELIVERABLE", "NETWORK_NOT_SUITABLE"),
    "offline": ON_ITS_WAY,
}


def fate_of(phones: Handsets, number: str, kind: str) -> Fate:
    """How a message to this phone ends, as SMS or as RCS; smsmode takes it in any case."""
    phone = phones.kind(number)
    return (_ON_RCS if kind == "RCS" else {}).get(phone) or _NOWHERE.get(phone, _DELIVERED)
