"""The key pair whose certificate the simulated app knows, and how an assertion is judged."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

LONGEST = 300.0


@lru_cache(maxsize=1)
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_key() -> str:
    """The key that a merchant pastes in."""
    kind = serialization.PrivateFormat.PKCS8
    written = _key().private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())
    return written.decode()


def judge(form: Mapping[str, str], now: datetime, base: str, client_id: str, username: str) -> None:
    """A JWT bearer assertion: this app's, for this user, meant for us, signed and fresh.

    Raises ValueError with the vendor's words.
    """
    try:
        claims = jwt.decode(
            form.get("assertion", ""),
            _key().public_key(),
            algorithms=["RS256"],
            audience=[base, "https://login.salesforce.com"],
            options={"require": ["exp", "iss", "sub", "aud"], "verify_exp": False},
        )
    except jwt.PyJWTError:
        raise ValueError("invalid assertion") from None
    if not 0 < claims["exp"] - now.timestamp() <= LONGEST:
        raise ValueError("assertion is expired or lasts too long")
    if claims["iss"] != client_id:
        raise ValueError("client identifier invalid")
    if claims["sub"] != username:
        raise ValueError("user hasn't approved this consumer")
