"""The service account's key file, and how Google judges what is signed with it."""

import json
from collections.abc import Mapping
from typing import Any

import jwt

from hub.contract.kit.keypair import key_pair

EMAIL = "rbm-agent@simulated-brand.iam.gserviceaccount.example.com"
_SCOPE = "https://www.googleapis.com/auth/rcsbusinessmessaging"
_CHECKED: Any = {
    "verify_iat": False,
    "verify_exp": False,
    "require": ["iss", "scope", "iat", "exp"],
}


def key_file() -> str:
    """The file as the console gives it; the address in it leads to a stranger on purpose."""
    private, _ = key_pair()
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "simulated-brand",
            "private_key_id": "rbm-key-0001",
            "private_key": private,
            "client_email": EMAIL,
            "token_uri": "https://stranger.example.com/token",
        }
    )


def judge(form: Mapping[str, str], audience: str, now: float) -> None:
    """Accept an assertion. Raises ValueError with Google's words."""
    _, public = key_pair()
    signed = form.get("assertion", "")
    try:
        claims = jwt.decode(signed, public, ["RS256"], audience=audience, options=_CHECKED)
    except jwt.PyJWTError:
        raise ValueError("Invalid JWT Signature.") from None
    if claims["exp"] - claims["iat"] > 3600 or not claims["iat"] - 300 <= now < claims["exp"]:
        raise ValueError("Invalid JWT: Token must be short-lived and in a reasonable timeframe.")
    if (claims["iss"], claims["scope"]) != (EMAIL, _SCOPE):
        raise ValueError("Invalid OAuth scope or ID token audience provided.")
