"""How a merchant lets the hub in: keys pasted, a consent page, an OAuth 2 dance, keys exchanged for
a token. All are declared; the hub draws the form, runs the dance, keeps and renews the tokens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hub.contract.request import Request

Values = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One field of a form. `kind`: text, url, secret, number, flag, choice, choices.

    `choices` are (value, label) pairs; `default` is used where nothing was typed. `live` says that
    the vendor itself knows the choices (`Connector.options`); `advanced` that few need to see it.
    `maps` names what of a person it finds: phone, country, consent, language or zone. `lines` says
    that it is pasted with line breaks, as key files are.
    """

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    default: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    live: bool = False
    advanced: bool = False
    maps: str = ""
    lines: bool = False


@dataclass(frozen=True)
class Grant:
    """A vendor's own consent page, for vendors that hand out keys in a browser.

    `url(settings, state, return_url, callback_url)` is where the merchant goes; the vendor then
    POSTs to the callback, and `read(request)` gives (state, secrets). Raises Rejected.
    """

    url: Callable[[Values, str, str, str], str]
    read: Callable[[Request], tuple[str, dict[str, str]]]


@dataclass(frozen=True)
class Keys:
    """Credentials a merchant pastes in; `grant` is the vendor's page that can hand them out."""

    fields: tuple[Field, ...]
    grant: Grant | None = None
    label: str = "Keys"


@dataclass(frozen=True)
class OAuth2:
    """An OAuth 2 dance (authorization code, refresh token), declared; the hub runs it.

    `authorize_url(settings)`, `token_url(settings)` and `revoke_url(settings)` are addresses.
    `fields` are what else the app at the vendor has, beside `client_id` and `client_secret`, which
    every app has. `extra` is added to the consent page's address; `keeps` names fields of the token
    answer that the connector needs (`instance_url`); `lasts` is how long, in seconds, a token
    lives where the answer does not say. The connector finds `access_token`, `client_id`,
    `client_secret` and what `keeps` and `fields` name in `ctx.secrets`.
    """

    authorize_url: Callable[[Values], str]
    token_url: Callable[[Values], str]
    scopes: tuple[str, ...]
    pkce: bool = True
    extra: Values = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    lasts: float = 1800.0
    revoke_url: Callable[[Values], str] | None = None
    fields: tuple[Field, ...] = ()
    label: str = "Sign in"


@dataclass(frozen=True)
class Exchange:
    """Keys that the hub exchanges for a token, as often as one runs out: client credentials, a
    signed assertion, a service account.

    `form(settings, secrets, now)` is the token request, pure; raises Refused in words where the
    keys cannot be read. The rest as for OAuth2.
    """

    fields: tuple[Field, ...]
    token_url: Callable[[Values], str]
    form: Callable[[Values, Values, datetime], Values]
    keeps: tuple[str, ...] = ()
    lasts: float = 1800.0
    label: str = "Keys"


Way = Keys | OAuth2 | Exchange

APP = (
    Field("client_id", "Client ID of your app", required=True),
    Field("client_secret", "Client secret of your app", "secret", required=True),
)


def fields_of(way: Way) -> tuple[Field, ...]:
    """What is typed in for this way of signing in."""
    return (*APP, *way.fields) if isinstance(way, OAuth2) else way.fields
