"""Signing what endpoints are told, as Standard Webhooks 1.0 has it: receivers check it with the
library of their language (standardwebhooks.com)."""

import base64
import hmac
import os
from collections.abc import Sequence
from datetime import datetime

_PREFIX = "whsec_"
_LENGTH = 32  # bytes; the standard asks for 24 to 64


def new_secret() -> str:
    """`whsec_` and base64, as receivers' libraries take it."""
    return _PREFIX + base64.b64encode(os.urandom(_LENGTH)).decode()


def signed(name: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of one try. Each secret signs, so that one can be replaced at leisure."""
    moment = str(int(at.timestamp()))
    content = f"{name}.{moment}.".encode() + body
    return {
        "webhook-id": name,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_signature(one, content)}" for one in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    return base64.b64encode(hmac.digest(key, content, "sha256")).decode()
