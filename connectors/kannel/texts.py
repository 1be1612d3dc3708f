"""Texts and numbers of replies, as Kannel hands them over."""

import re

from hub.contract import Request

_LONGEST = 8192
_CHARSETS = {
    "utf-8": "utf-8",
    "utf-16be": "utf-16-be",
    "ucs-2": "utf-16-be",
    "iso-10646-ucs-2": "utf-16-be",
    "iso-8859-1": "latin-1",
    "windows-1252": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
}
_NO_TEXT = re.compile("[\ud800-\udfff]")
_BINARY, _UCS2 = "1", "2"


def text_of(request: Request) -> str:
    """What the person wrote: the body of a POST, «text» of a GET; nothing of a binary message."""
    coding = request.query.get("coding") or request.header("x-kannel-coding")
    if coding == _BINARY:
        return ""
    if not request.body:
        return tidy(request.query.get("text", ""), _LONGEST)
    named = request.header("content-type").partition("charset=")[2].split(";")[0]
    stated = named.strip(" \"'").lower() or request.query.get("charset", "").lower()
    usual = "utf-16-be" if coding == _UCS2 else "utf-8"
    return tidy(request.body.decode(_CHARSETS.get(stated, usual), "replace"), _LONGEST)


def phone_of(sender: str) -> str:
    """The sender with its plus, where it is a whole number; short codes and names as they are."""
    bare = sender.strip()[:40]
    if bare.startswith("00"):
        return "+" + bare[2:]
    international = bare.isascii() and bare.isdigit() and len(bare) > 9 and bare[0] != "0"
    return f"+{bare}" if international else tidy(bare, 40)


def tidy(text: str, limit: int) -> str:
    """Text that a database can hold, at most so long."""
    return _NO_TEXT.sub("\ufffd", text.replace("\0", ""))[:limit]
