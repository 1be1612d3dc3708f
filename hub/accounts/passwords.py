"""Passwords: hashed by argon2id, and refused where they can be guessed."""

from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 256
# 19 MiB and two passes: OWASP's floor for argon2id, some 20 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# What an unknown address is checked against, so that it takes as long as a known one.
_NOBODYS = _hasher.hash("nobody has this password")


class BadPassword(ValueError):
    """It must not be used; the argument names why: short, long, guessable or personal."""


def hash_of(password: str) -> str:
    """What is kept of a password."""
    return _hasher.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether it is the one; for nobody's (None) it is not, which takes as long to find out."""
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(kept or _NOBODYS, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_old(kept: str) -> bool:
    """Whether it was hashed with less than is asked today."""
    return _hasher.check_needs_rehash(kept)


def check_new(password: str, *personal: str) -> None:
    """Raises BadPassword. `personal` is what others know of them: their address and name."""
    if len(password) < SHORTEST:
        raise BadPassword("short")
    if len(password) > LONGEST:
        raise BadPassword("long")
    plain = password.casefold()
    if len(set(plain)) < 5 or _is_row(plain) or any(word in plain for word in _COMMON):
        raise BadPassword("guessable")
    words = {w for one in personal for w in one.casefold().replace("@", " ").split() if len(w) > 3}
    if any(len(plain.replace(word, "")) < SHORTEST // 2 for word in words if word in plain):
        raise BadPassword("personal")


def _is_row(plain: str) -> bool:
    """«abcdefgh…», «12345678…», or the same few letters again and again."""
    steps = {ord(b) - ord(a) for a, b in pairwise(plain)}
    again = any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, 5))
    return len(steps) == 1 or again


_COMMON = ("password", "passwort", "motdepasse", "contraseña", "123456789", "qwertyuiop",
           "azertyuiop", "qwertzuiop")  # fmt: skip
