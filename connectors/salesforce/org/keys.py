"""The key pair whose certificate the simulated app knows, and how an assertion is judged."""

from collections.abc import Mapping
from datetime import datetime

import jwt

from hub.contract.kit.keypair import key_pair

LONGEST = 300.0


def private_key() -> str:
    """The key that a merchant pastes in."""
    return key_pair()[0]


def judge(form: Mapping[str, str], now: datetime, base: str, client_id: str, username: str) -> None:
    """A JWT bearer assertion: this app's, for this user, meant for us, signed and fresh.

    Raises ValueError with the vendor's words.
    """
    try:
        claims = jwt.decode(
            form.get("assertion", ""),
            key_pair()[1],
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
