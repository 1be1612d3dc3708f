"""Whose account the credentials open, what they do not allow, and what is left of its limits."""

from hub.contract import Account, AuthLost, Context, Refused

from . import client, kinds
from .documents import identity, text
from .fields import SCOPES

_WHY = {
    "crm.objects.contacts.read": "contacts cannot be read",
    "crm.objects.contacts.write": "results cannot be written onto contacts",
    "crm.objects.deals.read": "deals cannot be read",
    "crm.objects.carts.read": "carts cannot be read",
    "crm.objects.orders.read": "orders cannot be read",
    "crm.schemas.contacts.read": "the hub's contact properties cannot be found",
    "crm.schemas.contacts.write": "the hub's contact properties cannot be made",
    "automation": "workflows that wait cannot be answered",
}


def check(ctx: Context) -> Account:
    """The account, once it has answered. Raises the listed errors."""
    details = client.account(ctx)
    number = identity(details.get("portalId"))
    name, lacks = "", _unreadable(ctx)
    if ctx.secrets.get("client_id") and not ctx.secrets.get("access_token", "").startswith("pat-"):
        info = _token(ctx)
        name = text(info.get("hub_domain"), 100)
        lacks = _missing(ctx, info.get("scopes")) or lacks
    label = f"{name} (account {number})" if name else f"HubSpot account {number}"
    return Account(label, number, client.budget(ctx).words, lacks)


def _token(ctx: Context) -> client.Row:
    try:
        return client.token_info(ctx)
    except Refused as error:
        raise AuthLost(f"HubSpot does not know this sign-in any more: {error.words}") from None


def _missing(ctx: Context, granted: object) -> tuple[str, ...]:
    known = granted if isinstance(granted, list) else []
    read = {kind.name for kind in kinds.chosen(ctx.settings)} | {"contacts"}
    left_out = {f"crm.objects.{kind.name}.read" for kind in kinds.ALL if kind.name not in read}
    lost = [s for s in SCOPES if s not in known and s not in left_out and s in _WHY]
    return tuple(f"The scope {scope} is missing: {_WHY[scope]}." for scope in lost)


def _unreadable(ctx: Context) -> tuple[str, ...]:
    """A pasted token does not tell its scopes: each kind that is read is tried."""
    found = []
    for kind in kinds.chosen(ctx.settings):
        try:
            client.search(ctx, kind.name, {"limit": 1, "properties": [kind.modified]})
        except Refused as error:
            if error.code != "403":
                raise
            found.append(error.words)
    return tuple(found)
