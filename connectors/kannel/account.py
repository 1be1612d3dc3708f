"""Asking Kannel whether the user name and password are good, without sending anything."""

from urllib.parse import urlsplit

from hub.contract import Account, Context, Unavailable

from .client import ADDRESS, error_of, post, said


def check(ctx: Context) -> Account:
    """Whose door it is. A message without a receiver is asked for: Kannel checks the password
    first and then misses the receiver. Raises AuthLost, Unavailable."""
    response = post(ctx, {"Content-Type": "text/plain"})
    if response.status_code == 400 and "missing receiver" in said(response):
        host = urlsplit(ctx.settings.get("sendsms_url", "") or ADDRESS).netloc.rpartition("@")[2]
        return Account(f"Kannel · {host}")
    if 200 <= response.status_code < 300:
        raise Unavailable("Something else than Kannel answers at this address: correct it.")
    raise error_of(response)
