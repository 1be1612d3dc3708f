"""A service account's key file, and the judgement of what is signed with it."""

import json
from collections.abc import Mapping

import jwt

from hub.contract.kit.keypair import key_pair

EMAIL = "relais@simulated.iam.example.com"


def key_file() -> str:
    """The JSON file as the cloud console hands it out; its `token_uri` leads nowhere."""
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "simulated",
            "private_key_id": "simulated-key-0001",
            "private_key": key_pair()[0],
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
            key_pair()[1],
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
