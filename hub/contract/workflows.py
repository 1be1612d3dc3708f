"""What a CRM's own workflow can call: actions that ask for messages, and questions of those who
design a workflow. A workflow that waits is always answered: by what became of its message, or by
the hub's own deadline."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.contract.context import Context, Parsed
from hub.contract.outcomes import Written
from hub.contract.request import Request, Response


@dataclass(frozen=True)
class Progress:
    """What became of one request of a workflow.

    `state`: waiting, scheduled, sent, delivered, read, failed, replied, clicked, skipped,
    cancelled, expired (the hub's own deadline), uncertain, unknown (no such request).
    """

    reference: str
    state: str
    reason: str = ""
    sentence: str = ""
    message_id: str = ""
    reply: str = ""
    at: datetime | None = None

    @property
    def done(self) -> bool:
        """Whether nothing more is to be expected."""
        return self.state not in ("waiting", "scheduled", "unknown")


@dataclass(frozen=True)
class Action:
    """A door at `hook_url/<name>` where a workflow asks for messages.

    `verify`, `dedupe`, `accounts_of` as for a webhook. `parse(request, settings)` is pure and gives
    workflow.requested events, each with its Callback. `answer(request)` is what is answered once
    the request is kept. `complete(ctx, progress)` tells waiting steps how it went, many at once,
    in their order; absent where the workflow asks for itself.
    """

    verify: Callable[[Request, Mapping[str, str]], None]
    parse: Callable[[Request, Mapping[str, str]], Parsed]
    dedupe: Callable[[Request], str]
    answer: Callable[[Request], Response]
    complete: Callable[[Context, Sequence[Progress]], Sequence[Written]] | None = None
    accounts_of: Callable[[Request], Sequence[str]] | None = None
    batch_size: int = 100


@dataclass(frozen=True)
class Known:
    """What the hub tells those who design a workflow, and a workflow that asks.

    `templates` are (name, title) pairs; `progress(references)` answers in their order; `hook_url`
    is this connection's address.
    """

    templates: tuple[tuple[str, str], ...]
    progress: Callable[[Sequence[str]], Sequence[Progress]]
    hook_url: str


@dataclass(frozen=True)
class Question:
    """A door at `hook_url/<name>` that is answered from what the hub knows; nothing is kept."""

    verify: Callable[[Request, Mapping[str, str]], None]
    answer: Callable[[Request, Known], Response]
    accounts_of: Callable[[Request], Sequence[str]] | None = None
