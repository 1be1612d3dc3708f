"""Signed assertions (RFC 7523): a private key proves who asks for a token, without a person."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt

from hub.contract.errors import Refused

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def assertion(
    private_key: str, claims: Mapping[str, Any], now: datetime, key_id: str = "", lasts: int = 180
) -> dict[str, str]:
    """The token request for these claims, signed RS256, good for `lasts` seconds.

    Raises Refused where the key cannot be read; its words never hold the key.
    """
    dated = {**claims, "iat": now, "exp": now + timedelta(seconds=lasts)}
    try:
        signed = jwt.encode(
            dated, private_key, algorithm="RS256", headers={"kid": key_id} if key_id else None
        )
    except (ValueError, TypeError, jwt.PyJWTError):
        refusal = Refused("The private key cannot be read. Paste it whole, with its first line.")
    else:
        return {"grant_type": JWT_BEARER, "assertion": signed}
    raise refusal
