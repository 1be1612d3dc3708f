"""How a merchant lets us in: a service account that the sheet is shared with, or a sign-in."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from hub.contract import Exchange, Field, OAuth2, Refused
from hub.contract.assertions import assertion

SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
API = "https://sheets.googleapis.com"
AUTHORIZE = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105  an address
REVOKE = "https://oauth2.googleapis.com/revoke"

ADDRESSES = (
    Field("api_url", "Address of the Sheets API", "url", default=API, advanced=True),
    Field("authorize_url", "Address of the sign-in page", "url", default=AUTHORIZE, advanced=True),
    Field("token_url", "Address of the tokens", "url", default=TOKEN, advanced=True),
    Field("revoke_url", "Address to give tokens back", "url", default=REVOKE, advanced=True),
)


def _address(name: str, default: str) -> Callable[[Mapping[str, str]], str]:
    return lambda settings: settings.get(name) or default


def token_form(
    settings: Mapping[str, str], secrets: Mapping[str, str], now: datetime
) -> Mapping[str, str]:
    """The service account's request for a token. The token's address is the setting's: a pasted
    key could name a stranger's. Raises Refused."""
    key = _key(secrets.get("service_account_json", ""))
    claims = {
        "iss": key["client_email"],
        "scope": " ".join(SCOPES),
        "aud": settings.get("token_url") or TOKEN,
    }
    return assertion(key["private_key"], claims, now, key.get("private_key_id", ""), lasts=3600)


def _key(pasted: str) -> dict[str, str]:
    try:
        key = json.loads(pasted)
    except (ValueError, RecursionError):
        key = None
    found = {k: v for k, v in key.items() if isinstance(v, str)} if isinstance(key, dict) else {}
    if found.get("client_email") and found.get("private_key"):
        return found
    raise Refused("This is not a service account's key. Paste the whole JSON file.")


SERVICE_ACCOUNT = Exchange(
    (
        Field(
            "service_account_json",
            "Key of the service account",
            "secret",
            "The whole JSON file. Share the sheet, as an editor, with the address in it.",
            required=True,
            lines=True,
        ),
    ),
    token_url=_address("token_url", TOKEN),
    form=token_form,
    lasts=3600.0,
    label="Service account",
)
SIGN_IN = OAuth2(
    authorize_url=_address("authorize_url", AUTHORIZE),
    token_url=_address("token_url", TOKEN),
    revoke_url=_address("revoke_url", REVOKE),
    scopes=SCOPES,
    extra={"access_type": "offline", "prompt": "consent"},
    lasts=3600.0,
    label="Sign in with Google",
)
