"""The second factor: codes of an authenticator app, and recovery codes for the day it is lost."""

import hashlib
import secrets as random
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Connection

from hub.store import users
from hub.store.database import Row
from hub.store.sealing import Vault

_STEP = 30  # seconds
_ABOUT = 1  # steps by which a phone's clock may be off
_SECRET, _BASE32 = 32, frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


def new_secret() -> str:
    """A secret to be shared with an authenticator app, in base 32."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether it could be one of ours: what a form brings back may be anything."""
    return len(text) == _SECRET and set(text) <= _BASE32


def address_of(secret: str, email: str, issuer: str = "Relais") -> str:
    """What the app reads from the picture: otpauth://…"""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, now or just before or after; None where it is none."""
    digits = "".join(code.split())
    if not (secret and digits.isascii() and digits.isdigit()):
        return None
    totp, here = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
    around = (here, here - _ABOUT, here + _ABOUT)
    return next((s for s in around if random.compare_digest(_code(totp, s), digits)), None)


def new_recovery_codes(count: int = 10) -> list[str]:
    """Codes that work once each, fifty bits and more of chance: «abcd-efgh-jkmn»."""
    made = ("".join(random.choice(_LETTERS) for _ in range(12)) for _ in range(count))
    return [f"{one[:4]}-{one[4:8]}-{one[8:]}" for one in made]


def hash_of(code: str) -> bytes:
    """What is kept of a recovery code, however it is typed."""
    plain = "".join(c for c in code.casefold() if c in _LETTERS)
    return hashlib.sha256(plain.encode()).digest()


def take(db: Connection, vault: Vault, user: Row, code: str, now: datetime) -> bool:
    """Use up a code of the app, or a recovery code; False where it is wrong, or was used."""
    step = step_of(users.totp_of(vault, user), code, now)
    if step is not None:
        return users.use_step(db, user["id"], step)
    return users.use_recovery(db, user["id"], hash_of(code))


def _code(totp: Any, step: int) -> str:
    return str(totp.generate_otp(step))
