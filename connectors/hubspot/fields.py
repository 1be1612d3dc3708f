"""What a merchant types: the ways of signing in, with their scopes, and the settings."""

from collections.abc import Mapping

from hub.contract import Field, Keys, OAuth2

from . import client, paths, write_back
from .kinds import CONSENT

APP = "https://app.hubspot.com"
SCOPES = (
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.deals.read",
    "crm.objects.carts.read",
    "crm.objects.orders.read",
    "crm.schemas.contacts.read",
    "crm.schemas.contacts.write",
    "automation",
)


def authorize_url(settings: Mapping[str, str]) -> str:
    """The consent page."""
    return f"{(settings.get('app_url') or APP).rstrip('/')}/oauth/authorize"


def token_url(settings: Mapping[str, str]) -> str:
    """Where a code and a refresh token become tokens, form-encoded."""
    return f"{(settings.get('api_url') or client.API).rstrip('/')}/oauth/v1/token"


def revoke_url(settings: Mapping[str, str]) -> str:
    """Where a refresh token is given back."""
    return f"{(settings.get('api_url') or client.API).rstrip('/')}/oauth/v3/revoke"


SIGN_IN = OAuth2(
    authorize_url=authorize_url,
    token_url=token_url,
    revoke_url=revoke_url,
    scopes=SCOPES,
    lasts=1800.0,
    fields=(
        Field(
            "app_id",
            "App ID",
            help="With the developer key: Relais then makes webhooks and the workflow action.",
        ),
        Field("developer_key", "Developer API key", "secret", "Of the account that owns the app."),
    ),
    label="Sign in with HubSpot",
)

TOKEN = Keys(
    (
        Field("access_token", "Access token", "secret", "Starts with pat-.", required=True),
        Field(
            "client_secret",
            "Client secret of the app",
            "secret",
            "Only for webhooks and workflow calls: HubSpot signs them with it.",
        ),
    ),
    label="Access token",
)

SETTINGS = (
    Field(
        "objects",
        "What is read",
        "choices",
        default="contacts,deals",
        choices=(
            ("contacts", "Contacts"),
            ("deals", "Deals"),
            ("carts", "Carts"),
            ("orders", "Orders"),
        ),
    ),
    Field(
        "phone_property",
        "Phone properties",
        help="Internal names, separated by commas; the first filled one is used.",
        default="mobilephone,phone",
        maps="phone",
    ),
    Field(
        "country",
        "Default country",
        help="Two letters (FR): for phones of contacts that name no country.",
        maps="country",
    ),
    Field(
        "consent_property",
        "Consent property",
        help="The contact's yes or no to marketing messages.",
        default=CONSENT,
        maps="consent",
    ),
    Field("language_property", "Language property", default="hs_language", maps="language"),
    Field(
        "abandoned_status",
        "Status of a cart left behind",
        help="What your shop writes as hs_external_status, separated by commas.",
        default="abandoned",
    ),
    Field(
        "log_on_timeline",
        "Log messages on the contact's timeline",
        "flag",
        default="true",
    ),
    Field(
        "note_outcomes",
        "Results logged",
        "choices",
        "The contact's properties are always kept up to date.",
        default=write_back.NOTED,
        choices=(
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("read", "Read"),
            ("failed", "Failed"),
            ("skipped", "Not sent"),
            ("clicked", "Clicked"),
            ("bought", "Bought"),
            ("replied", "Replied"),
            ("opted_out", "Opted out"),
            ("opted_in", "Opted in"),
            ("confirmed", "Confirmed"),
            ("declined", "Declined"),
            ("postponed", "Postponed"),
        ),
    ),
    Field(
        "order_status_property",
        "Status property of orders",
        default="hs_external_order_status",
        advanced=True,
    ),
    Field(
        "object_types",
        "Object type ids",
        help="Where your account numbers them otherwise, such as 0-142=carts,0-123=orders.",
        advanced=True,
    ),
    Field("api_version", "API version", default=paths.USUAL, advanced=True, help="v3 or 2026-03."),
    Field("api_url", "API address", "url", default=client.API, advanced=True),
    Field("app_url", "HubSpot address", "url", default=APP, advanced=True),
)
