"""A service account's key file, and the judgement of what is signed with it."""

import json
from collections.abc import Mapping
from functools import lru_cache

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

EMAIL = "relais@simulated.iam.example.com"


@lru_cache(maxsize=1)
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
    """The JSON file as the cloud console hands it out; its `token_uri` leads nowhere."""
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "simulated",
            "private_key_id": "simulated-key-0001",
            "private_key": _pair()[0],
            "client_email": EMAIL,
            "client_id": "100000000000000000001",
            "token_uri": "https://tokens.invalid/token",
        }
    )


def judge(form: Mapping[str, str], audience: str, delegates: bool, now: float) -> None:
    """Accept a signed assertion. Raises ValueError with the vendor's own words."""
    try:
        claims = jwt.decode(
            form.get("assertion", ""),
            _pair()[1],
            algorithms=["RS256"],
            audience=audience,
            options={"verify_exp": False, "verify_iat": False},
        )
    except jwt.InvalidAudienceError:
        raise ValueError("Invalid JWT: audience must be the token endpoint.") from None
    except jwt.PyJWTError:
        raise ValueError("Invalid JWT Signature.") from None
    issued, ends = claims.get("iat", 0), claims.get("exp", 0)
    if not issued - 300 <= now < ends or ends - issued > 3600:
        raise ValueError("Invalid JWT: Token must be a short-lived token (60 minutes).")
    if claims.get("iss") != EMAIL or not claims.get("scope"):
        raise ValueError("Invalid JWT: iss and scope are required.")
    if claims.get("sub") and not delegates:
        raise ValueError("Client is unauthorized to retrieve access tokens using this method.")
