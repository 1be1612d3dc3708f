"""How Google lets the hub in: a service account's key, exchanged for a token that lasts an hour."""

import json
from collections.abc import Mapping
from datetime import datetime

from hub.contract import Exchange, Field, Refused
from hub.contract.assertions import assertion

SCOPE = "https://www.googleapis.com/auth/rcsbusinessmessaging"
_TOKENS = "https://oauth2.googleapis.com/token"

_Values = Mapping[str, str]


def token_url(settings: _Values) -> str:
    """The setting alone decides: an address inside a pasted key could be a stranger's."""
    return settings.get("token_url", "").strip() or _TOKENS


def token_form(settings: _Values, secrets: _Values, now: datetime) -> _Values:
    """The token request for the service account. Raises Refused where its key cannot be read."""
    email, private_key, key_id = _read(secrets.get("service_account_json", ""))
    claims = {"iss": email, "scope": SCOPE, "aud": token_url(settings)}
    return assertion(private_key, claims, now, key_id, lasts=3600)


def _read(pasted: str) -> tuple[str, str, str]:
    try:
        key = json.loads(pasted)
        email, private_key = key["client_email"], key["private_key"]
        key_id = key.get("private_key_id", "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        email = private_key = key_id = ""
    if not (isinstance(email, str) and isinstance(private_key, str) and email and private_key):
        raise Refused("This is no key of a service account: paste the whole JSON file from Google.")
    return email, private_key, key_id if isinstance(key_id, str) else ""


SERVICE_ACCOUNT = Exchange(
    fields=(
        Field(
            "service_account_json",
            "Key of the service account",
            kind="secret",
            help="The whole JSON file that the RCS for Business console makes under "
            "«Service account».",
            required=True,
            lines=True,
        ),
        # Not required for a token: sending works without it, hearing does not.
        Field(
            "client_token",
            "Client token of the webhook",
            kind="secret",
            help="Shown when you set the agent's webhook. Without it every callback is turned "
            "away, and nothing is known of what was delivered.",
        ),
    ),
    token_url=token_url,
    form=token_form,
    lasts=3600.0,
    label="Service account",
)
