"""A batch of messages to Twilio: one POST each, some at a time, and what is proven of each."""

import json
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hub.contract import (
    AuthLost,
    ConnectorError,
    Context,
    Outgoing,
    Refusal,
    SendResult,
    Throttled,
    Unavailable,
    Unknown,
)
from hub.contract.outbound import as_here

from .answers import LOST_TEMPLATE, result_of
from .client import post_message
from .contents import library
from .fields import rcs_sender
from .rich import Content, Unsupported, content_of

log = logging.getLogger(__name__)

BATCH_SIZE = 50
_AT_ONCE = 8
# So many doubts, and no further message is risked on a Twilio that does not answer.
_MOST_DOUBTS = 3
_VALIDITY = (1, 36_000)


@dataclass
class _Batch:
    """Messages on their way; whoever has time takes the next one."""

    ctx: Context
    messages: Sequence[Outgoing]
    ends: float
    results: dict[int, SendResult] = field(default_factory=dict)
    stop: ConnectorError | None = None
    doubts: int = 0
    _next: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self) -> None:
        """Send until nothing is left, the time is up or Twilio says stop."""
        while (at := self._take()) is not None:
            try:
                result = deliver(self.ctx, self.messages[at])
            except ConnectorError as error:
                self._give_up(at, error)
            except Exception:
                # A fault of our own after the call: the answer stays a doubt, never "unsent".
                log.exception("twilio.accident")
                self._give_up_all()
            else:
                self._settle(at, result)

    def _take(self) -> int | None:
        with self._lock:
            over = self.stop or self.doubts >= _MOST_DOUBTS or time.monotonic() > self.ends
            at = self._next
            if over or at >= len(self.messages):
                return None
            self._next += 1
            # Whatever befalls this thread, the message is not called unsent.
            self.results[at] = Unknown("The hub lost this message's answer; it may have gone out.")
            return at

    def _give_up(self, at: int, error: ConnectorError) -> None:
        with self._lock:
            del self.results[at]
            self.stop = self.stop or error

    def _give_up_all(self) -> None:
        with self._lock:
            self.doubts += _MOST_DOUBTS

    def _settle(self, at: int, result: SendResult) -> None:
        with self._lock:
            self.results[at] = result
            self.doubts += isinstance(result, Unknown)


def send(ctx: Context, messages: Sequence[Outgoing]) -> list[SendResult]:
    """What became of each message, in their order; raises only when nothing was sent.

    No call starts later than one deadline after the first, so all is answered within about two.
    What a stop on the way leaves over is proven unsent: a Refusal that is not permanent.
    """
    batch = _Batch(ctx, messages, time.monotonic() + ctx.deadline)
    helpers = [
        threading.Thread(target=as_here(batch.work), daemon=True, name="twilio")
        for _ in range(min(len(messages), _AT_ONCE) - 1)
    ]
    for helper in helpers:
        helper.start()
    batch.work()
    for helper in helpers:
        helper.join()
    if batch.stop and not batch.results:
        raise batch.stop
    left = _unsent(batch.stop)
    return [batch.results.get(at, left) for at in range(len(messages))]


def _unsent(error: ConnectorError | None) -> Refusal:
    words = "Twilio stopped answering before this message's turn: it was not sent yet."
    codes: dict[type, str] = {AuthLost: "401", Throttled: "429"}
    code = codes.get(type(error), getattr(error, "code", "")) or "unsent"
    return Refusal(code, error.words if error else words, permanent=False)


def deliver(ctx: Context, message: Outgoing) -> SendResult:
    """What became of one message, within one deadline. Raises the listed errors, and then nothing
    was sent."""
    ends = time.monotonic() + ctx.deadline
    fields = form(ctx, message)
    if "From" not in fields and "MessagingServiceSid" not in fields:
        words = "Twilio needs a sender: set a Messaging Service, a sender or an RCS sender."
        return Refusal("no_sender", words)
    try:
        content = content_of(message.rich) if message.rich else None
    except Unsupported as reason:
        return Refusal("unsupported", str(reason))
    template = _template(ctx, content)
    left = ends - time.monotonic()
    if isinstance(template, Refusal) or left <= 0:
        return template if isinstance(template, Refusal) else _unsent(None)
    said = _said(message, content, template)
    result = _post(replace(ctx, deadline=left), fields | said, message.channel == "rcs")
    if content and isinstance(result, Refusal) and result.code == LOST_TEMPLATE:
        library.forget(ctx, content)
    return result


def _template(ctx: Context, content: Content | None) -> str | Refusal:
    """The template's id, none for a plain text. Templates have a host of their own at Twilio: when
    it is down, texts still go."""
    try:
        return library.sid(ctx, content) if content else ""
    except Unavailable as error:
        return Refusal("unsent", error.words, permanent=False)


def _post(ctx: Context, fields: dict[str, str], rcs: bool) -> SendResult:
    try:
        response = post_message(ctx, fields)
    except Unavailable as error:
        if not error.reached:
            raise
        return Unknown(error.words)
    return result_of(response, rcs=rcs)


def form(ctx: Context, message: Outgoing) -> dict[str, str]:
    """Whom it goes to, whom it comes from, how long, and where Twilio tells of it."""
    made = {"To": message.to.e164} | _sender(ctx, message)
    if message.channel == "rcs":
        # With the prefix Twilio never falls back to SMS by itself: that is the hub's to decide.
        made["To"] = f"rcs:{message.to.e164}"
    if message.within is not None:
        least, most = _VALIDITY
        seconds = int(message.within.total_seconds())
        made["ValidityPeriod"] = str(min(max(seconds, least), most))
    if ctx.hook_url:
        mark = "&" if "?" in ctx.hook_url else "?"
        made["StatusCallback"] = f"{ctx.hook_url}{mark}ref={message.reference}"
    return made


def _sender(ctx: Context, message: Outgoing) -> dict[str, str]:
    """A Messaging Service chooses its own sender; a name that is not in it would be refused."""
    if message.channel == "rcs":
        sender = rcs_sender(ctx.settings)
        return {"From": sender} if sender else {}
    if service := ctx.settings.get("messaging_service_sid", "").strip():
        return {"MessagingServiceSid": service}
    sender = ctx.settings.get("sender", "").strip() or message.sender.strip()
    return {"From": sender} if sender else {}


def _said(message: Outgoing, content: Content | None, template: str) -> dict[str, str]:
    if content is None:
        return {"Body": message.rich.text if message.rich else message.text}
    values = {"ContentVariables": json.dumps(content.values)} if content.values else {}
    return {"ContentSid": template} | values
