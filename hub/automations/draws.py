"""Draws: a number from 0 to 9,999 for a person, always the same one, by which shares are made."""

from hashlib import sha256

DRAWS = 10_000
LAST = DRAWS - 1


def draw(*names: str) -> int:
    """The draw of these names together; evenly spread, and independent for other names."""
    digest = sha256("\x1f".join(names).encode()).digest()
    return int.from_bytes(digest[:8]) * DRAWS >> 64


def falls_in(drawn: int, percent: int) -> bool:
    """Whether a draw is in the first so many percent. More percent only add draws."""
    return drawn * 100 < percent * DRAWS


def chosen(drawn: int, shares: tuple[tuple[str, int], ...]) -> str:
    """The name whose share (percent) a draw falls in, the shares laid end to end; or nothing."""
    upto = 0
    for name, percent in shares:
        upto += percent
        if falls_in(drawn, upto):
            return name
    return ""
