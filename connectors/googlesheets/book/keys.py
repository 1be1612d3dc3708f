"""A service account's key file, and the judgement of what is signed with it."""

import json
from collections.abc import Mapping

import jwt

from hub.contract.kit.keypair import key_pair

EMAIL = "relais@simulated.iam.gserviceaccount.example.com"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"
_LONGEST = 3600


def key_file() -> str:
    """The key file as downloaded; its `token_uri` leads to a stranger."""
    key = {"type": "service_account", "client_email": EMAIL, "private_key": key_pair()[0]}
    where = {"private_key_id": "simulated-0001", "token_uri": "https://stranger.example.com"}
    return json.dumps(key | where)


def judge(form: Mapping[str, str], audience: str, now: float) -> None:
    """Accept a signed assertion. Raises ValueError with the vendor's words."""
    try:
        claims = jwt.decode(
            form.get("assertion", ""),
            key_pair()[1],
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
