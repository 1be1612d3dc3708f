"""What an operator's answer to a message means: SMPP's command_status in the hub's words."""

from hub.contract import Refusal, Unknown

THROTTLED = (0x58, 0x14)  # too fast; the queue is full
NOT_BOUND = 0x04
BAD_CREDENTIALS = (0x0E, 0x0F)  # 0x0D, "bind failed", may also mean one bind too many
NOT_NOW = 0x64  # ours to the operator: keep it and deliver it again
_NO_SUCH_NUMBER = (0x0B, 0x0C, 0x51, 0x52)
_SENDER = (0x0A, 0x48, 0x49)
_SAYS_NOTHING = (0x08, 0xFF)
_PASSING = (NOT_BOUND, 0x45, 0x64)


def code_of(status: int) -> str:
    """As operators write it in their documents."""
    return f"0x{status:08x}"


def refusal_of(status: int, opt_out_codes: frozenset[str]) -> Refusal | Unknown:
    """What a status that is not zero proves of the message. `opt_out_codes` as `codes_in` gives."""
    code = code_of(status)
    if status in THROTTLED:
        return Refusal("429", "The operator takes no more for now.", permanent=False)
    if status in _SAYS_NOTHING:
        return Unknown(f"The operator had an error of its own ({code}); it may have gone out.")
    if status in _PASSING:
        return Refusal(code, f"The operator does not take it now ({code}).", permanent=False)
    if code in opt_out_codes:
        words = "This person opted out at the operator: nothing more may be sent to this number."
        return Refusal(code, words, blocked=True)
    if status in _NO_SUCH_NUMBER:
        return Refusal(code, "No phone has this number: correct it.", dead_number=True)
    if status in _SENDER:
        return Refusal(code, "The operator does not allow this sender: choose another.")
    return Refusal(code, f"The operator refused the message ({code}).")


def codes_in(setting: str) -> frozenset[str]:
    """The codes in a setting, each in the one form it is compared in."""
    return frozenset(plain(code) for code in setting.split(",") if code.strip())


def plain(code: str) -> str:
    """Hexadecimal as `code_of` writes it; anything else in small letters, as it stands."""
    code = code.strip().lower()
    try:
        return code_of(int(code, 16)) if code.startswith("0x") else code
    except ValueError:
        return code
