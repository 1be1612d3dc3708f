"""The calls Kannel makes: receipts with its escapes filled in, replies as kannel.conf has them."""

import re
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from hub.contract import Request

OPT_OUT = "0x00000455"
_NACK_OPT_OUT = f"NACK/{OPT_OUT}/Vendor-specific error"
_NACK_WRONG = "NACK/0x0000000b/Invalid Destination Address"
_ESCAPE = re.compile("%(.)")

# What the operator says in the end of a message to such a phone: Kannel's state and words.
FATES = {
    "blocks": ("16", _NACK_OPT_OUT),
    "wrong": ("16", _NACK_WRONG),
}
DELIVERED = ("1", "id:51f0 sub:001 dlvrd:001 stat:DELIVRD err:000 text:Bonjour")
TAKEN = ("8", "ACK/")
EXPIRED = ("2", "id:51f0 sub:001 dlvrd:000 stat:EXPIRED err:027 text:Bonjour")
FAILED = ("2", "id:51f0 sub:001 dlvrd:000 stat:UNDELIV err:001 text:Bonjour")


def receipt_url(hook: str, state: str, answer: str, now: datetime) -> str:
    """The address of a receipt: what stands after each percent sign filled in, as Kannel does."""
    values = {
        "d": state,
        "A": quote(answer, safe=""),
        "T": str(int(now.timestamp())),
        "i": "simulated",
        "F": "51f0",
        "%": "%",
    }
    return _ESCAPE.sub(lambda found: values.get(found[1], found[0]), hook)


def receipt(hook: str, state: str, answer: str, now: datetime) -> Request:
    """The same as a request."""
    url = receipt_url(hook, state, answer, now)
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    return Request.of("GET", {"User-Agent": "Kannel/1.4.5"}, b"", query=query, url=url)


def reply_query(name: str, sender: str, now: datetime, coding: str) -> dict[str, str]:
    """What the post-url of the README asks Kannel to tell."""
    return {
        "type": "mo",
        "id": name,
        "from": sender.removeprefix("+"),
        "to": "36034",
        "at": str(int(now.timestamp())),
        "coding": coding,
        "charset": "UTF-16BE" if coding == "2" else "UTF-8",
    }


def reply(query: dict[str, str], body: bytes, address: str = "") -> Request:
    """A reply as a request."""
    headers = reply_headers(query)
    return Request.of("POST", headers, body, query=query, url=f"{address}?{urlencode(query)}")


def reply_headers(query: dict[str, str]) -> dict[str, str]:
    """The headers of a post-url."""
    return {
        "User-Agent": "Kannel/1.4.5",
        "Content-Type": f'text/plain; charset="{query["charset"]}"',
        "X-Kannel-To": query["to"],
        "X-Kannel-SMSC": "simulated",
        "X-Kannel-Coding": query["coding"],
    }


def encoded(text: str) -> tuple[str, bytes]:
    """A reply's coding and bytes."""
    return ("0", text.encode()) if text.isascii() else ("2", text.encode("utf-16-be"))
