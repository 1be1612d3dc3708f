"""Content templates at Twilio: each is made once, remembered, and used for all messages like it."""

import hashlib
import json
import threading
import time
from collections import OrderedDict
from dataclasses import replace

from hub.contract import Context, Refusal, Unavailable

from .answers import refusal_of
from .client import error_of, post_content, sid_of
from .rich import Content

_MOST = 10_000
_ABOUT_CONTENT = (400, 413, 422)


class Library:
    """The templates that this process knows, by account and form. A restart makes them anew."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.Lock()

    def sid(self, ctx: Context, content: Content) -> str | Refusal:
        """The template's id, or why Twilio does not take it.

        Nothing is sent by this: whatever goes wrong raises a listed error that says so.
        """
        key = _key(ctx, content)
        if known := self._recall(key):
            return known
        ends = time.monotonic() + ctx.deadline
        # One at a time: a batch of like messages would make a template for each.
        if not self._making.acquire(timeout=ctx.deadline):
            raise _unsent("Twilio is slow in making content templates.")
        try:
            left = max(ends - time.monotonic(), 0.0)
            made = self._recall(key) or _make(replace(ctx, deadline=left), key, content)
        finally:
            self._making.release()
        if isinstance(made, str):
            self._keep(key, made)
        return made

    def forget(self, ctx: Context, content: Content) -> None:
        """Twilio no longer knows this template."""
        with self._lock:
            self._known.pop(_key(ctx, content), None)

    def _recall(self, key: str) -> str:
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key, "")

    def _keep(self, key: str, sid: str) -> None:
        with self._lock:
            self._known[key] = sid
            if len(self._known) > _MOST:
                self._known.popitem(last=False)


library = Library()


def _key(ctx: Context, content: Content) -> str:
    """Of the form alone: the values are one message's own."""
    where = [ctx.settings.get(name, "") for name in ("account_sid", "content_url")]
    canonical = json.dumps([*where, content.types], sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _make(ctx: Context, key: str, content: Content) -> str | Refusal:
    try:
        response = post_content(ctx, document(key, content))
    except Unavailable as error:
        raise _unsent(error.words) from error
    status = response.status_code
    if 200 <= status < 300:
        if sid := sid_of(response):
            return sid
        raise _unsent("Twilio's answer names no content template.")
    if status in _ABOUT_CONTENT and (refusal := refusal_of(response)):
        return refusal
    said = error_of(response)
    raise _unsent(said.words) if isinstance(said, Unavailable) else said


def document(key: str, content: Content) -> dict[str, object]:
    """The template as Twilio takes it. Its samples are no person's: they stay in the account."""
    return {
        "friendly_name": f"relais {key[:16]}",
        "language": "en",
        "variables": dict.fromkeys(content.values, "x"),
        "types": content.types,
    }


def _unsent(words: str) -> Unavailable:
    """A template is no message: one that may exist has reached nobody."""
    return Unavailable(words, reached=False)
