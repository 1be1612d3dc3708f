"""The three ways of signing in: a person's consent, the app's own user, a signed assertion.

Salesforce names no expiry in its token answers, and its session lasts as the org's admin says: the
hub renews every half an hour, and whenever a token is refused. SOAP login is not built: it ends.
"""

from collections.abc import Mapping
from datetime import datetime

from hub.contract import Exchange, Field, OAuth2, Refused, Way
from hub.contract.assertions import assertion

from .transport import login

KEEPS = ("instance_url", "id")
_LASTS = 1800.0
_PRODUCTION, _SANDBOX = "https://login.salesforce.com", "https://test.salesforce.com"


def authorize_url(settings: Mapping[str, str]) -> str:
    """Salesforce's consent page."""
    return f"{login(settings)}/services/oauth2/authorize"


def token_url(settings: Mapping[str, str]) -> str:
    """Where codes, refresh tokens, keys and assertions become tokens."""
    return f"{login(settings)}/services/oauth2/token"


def revoke_url(settings: Mapping[str, str]) -> str:
    """Where a token is given back."""
    return f"{login(settings)}/services/oauth2/revoke"


def client_credentials(
    settings: Mapping[str, str], secrets: Mapping[str, str], now: datetime
) -> dict[str, str]:
    """The token request of the app's own user. Raises Refused."""
    if login(settings) in (_PRODUCTION, _SANDBOX):
        words = "The client credentials flow needs your org's own address (My Domain)."
        raise Refused(f"{words} Put it in «Sign-in address».")
    return {
        "grant_type": "client_credentials",
        "client_id": secrets.get("client_id", ""),
        "client_secret": secrets.get("client_secret", ""),
    }


def jwt_bearer(
    settings: Mapping[str, str], secrets: Mapping[str, str], now: datetime
) -> dict[str, str]:
    """The token request that a private key signs for a user. Raises Refused."""
    claims = {
        "iss": secrets.get("client_id", ""),
        "sub": secrets.get("username", ""),
        "aud": audience(settings),
    }
    return assertion(secrets.get("private_key", ""), claims, now)


def audience(settings: Mapping[str, str]) -> str:
    """Whom an assertion is for: the common sign-in address of production or of sandboxes."""
    here = login(settings)
    if here.endswith(".sandbox.my.salesforce.com"):
        return _SANDBOX
    return _PRODUCTION if here.endswith(".my.salesforce.com") else here


WAYS: Mapping[str, Way] = {
    "oauth": OAuth2(
        authorize_url=authorize_url,
        token_url=token_url,
        scopes=("api", "refresh_token"),
        keeps=KEEPS,
        lasts=_LASTS,
        revoke_url=revoke_url,
        label="Sign in with Salesforce",
    ),
    "client_credentials": Exchange(
        fields=(
            Field("client_id", "Consumer key", required=True),
            Field("client_secret", "Consumer secret", "secret", required=True),
        ),
        token_url=token_url,
        form=client_credentials,
        keeps=KEEPS,
        lasts=_LASTS,
        label="The app's own user (client credentials)",
    ),
    "jwt": Exchange(
        fields=(
            Field("client_id", "Consumer key", required=True),
            Field("username", "Salesforce user name", required=True),
            Field(
                "private_key",
                "Private key",
                "secret",
                "Whole, with its first and last line. Its certificate is uploaded to the app.",
                required=True,
                lines=True,
            ),
        ),
        token_url=token_url,
        form=jwt_bearer,
        keeps=KEEPS,
        lasts=_LASTS,
        label="A private key (JWT bearer)",
    ),
}
