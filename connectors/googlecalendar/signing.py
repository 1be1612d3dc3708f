"""The two ways in: a person's consent, or a service account that the calendar is shared with."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.contract import Exchange, Field, OAuth2, Refused
from hub.contract.assertions import assertion

AUTH_URL = "https://accounts.google.com"
TOKEN_URL = "https://oauth2.googleapis.com"  # noqa: S105  an address
SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/calendar.readonly",
)

Values = Mapping[str, str]


def authorize_url(settings: Values) -> str:
    """The consent page."""
    return f"{_base(settings, 'auth_url', AUTH_URL)}/o/oauth2/v2/auth"


def token_url(settings: Values) -> str:
    """Where tokens are given; the pasted key's own `token_uri` is never believed."""
    return f"{_base(settings, 'token_url', TOKEN_URL)}/token"


def revoke_url(settings: Values) -> str:
    """Where a token is given back."""
    return f"{_base(settings, 'token_url', TOKEN_URL)}/revoke"


def form(settings: Values, secrets: Values, now: datetime) -> Values:
    """The token request of a service account. Raises Refused where its key cannot be read."""
    key = _key(secrets.get("service_account_json", ""))
    claims = {
        "iss": str(key["client_email"]),
        "scope": " ".join(SCOPES),
        "aud": token_url(settings),
    }
    acted_for = secrets.get("subject", "").strip()
    claims |= {"sub": acted_for} if acted_for else {}
    return assertion(
        str(key["private_key"]), claims, now, key_id=str(key.get("private_key_id", "")), lasts=3600
    )


def _key(pasted: str) -> dict[str, Any]:
    try:
        found = json.loads(pasted)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("type") != "service_account":
        raise Refused("This is no service account's key. Paste the whole JSON file.")
    if not (found.get("client_email") and found.get("private_key")):
        raise Refused("The key file has no client_email or no private_key. Make a new key.")
    return found


def _base(settings: Values, name: str, default: str) -> str:
    return (settings.get(name) or default).strip().rstrip("/")


OAUTH = OAuth2(
    authorize_url=authorize_url,
    token_url=token_url,
    scopes=SCOPES,
    pkce=True,
    extra={"access_type": "offline", "prompt": "consent"},
    keeps=("scope",),  # what was really ticked
    lasts=3600.0,
    revoke_url=revoke_url,
    label="Sign in with Google",
)

SERVICE_ACCOUNT = Exchange(
    fields=(
        Field(
            "service_account_json",
            "The service account's key",
            "secret",
            "The whole JSON file that the cloud console gave you.",
            required=True,
            lines=True,
        ),
        Field(
            "subject",
            "Act for this person",
            help="Only with domain-wide delegation: the person's e-mail address.",
        ),
    ),
    token_url=token_url,
    form=form,
    lasts=3600.0,
    label="Service account",
)
