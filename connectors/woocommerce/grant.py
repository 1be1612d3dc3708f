"""WooCommerce's own consent page, which makes a key pair and POSTs it to the hub."""

from collections.abc import Mapping
from urllib.parse import urlencode

from hub.contract import Rejected, Request

from .client import address
from .documents import document, text


def url(settings: Mapping[str, str], state: str, return_url: str, callback_url: str) -> str:
    """Where the merchant approves. The shop wants `callback_url` to be https. Raises Refused."""
    query = {
        "app_name": "Relais",
        "scope": "read_write",
        "user_id": state,
        "return_url": return_url,
        "callback_url": callback_url,
    }
    return f"{address(settings)}/wc-auth/v1/authorize?{urlencode(query)}"


def read(request: Request) -> tuple[str, dict[str, str]]:
    """The shop's POST → (state, secrets). Raises Rejected when it is not one."""
    try:
        found = document(request.body)
    except ValueError:
        raise Rejected("This is not the answer of a shop's consent page.") from None
    names = ("user_id", "consumer_key", "consumer_secret")
    given = {name: text(found.get(name), 255) for name in names}
    missing = [name for name in names if not given[name]]
    if missing:
        raise Rejected(f"The shop's answer lacks {', '.join(missing)}.")
    rights = text(found.get("key_permissions")) or "read_write"
    if rights != "read_write":
        raise Rejected("The shop's keys may not read and write. Approve both.")
    return given.pop("user_id"), given
