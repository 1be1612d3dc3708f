"""A service account's key file, and the judgement of what is signed with it."""

import json
from collections.abc import Mapping
from functools import lru_cache

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

EMAIL = "relais@simulated.iam.gserviceaccount.example.com"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"
_LONGEST = 3600


@lru_cache
def _pair() -> tuple[str, str]:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = made.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def key_file() -> str:
    """The key file as downloaded; its `token_uri` leads to a stranger."""
    key = {"type": "service_account", "client_email": EMAIL, "private_key": _pair()[0]}
    where = {"private_key_id": "simulated-0001", "token_uri": "https://stranger.example.com"}
    return json.dumps(key | where)


def judge(form: Mapping[str, str], audience: str, now: float) -> None:
    """Accept a signed assertion. Raises ValueError with the vendor's words."""
    try:
        claims = jwt.decode(
            form.get("assertion", ""),
            _pair()[1],
            algorithms=["RS256"],
            audience=audience,
            options={"verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError as error:
        raise ValueError("Invalid JWT Signature.") from error
    lasts = claims["exp"] - claims["iat"]
    if not claims["iat"] - 300 <= now <= claims["exp"] or lasts > _LONGEST:
        raise ValueError("Invalid JWT: Token must be a short-lived token.")
    if claims.get("iss") != EMAIL or claims.get("scope") != SCOPE:
        raise ValueError("Invalid grant: account not found")
