"""Faults of carrying: sent twice, doubts misread, a STOP not seen."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hub.contract import Connector, Context
from hub.contract.errors import Throttled, Unavailable
from hub.contract.kit.mutants import Seeded
from hub.contract.outcomes import Accepted, Counted, Found, Outgoing, Refusal, SendResult, Unknown

_LONG = timedelta(hours=1)
Messages = Sequence[Outgoing]
Results = Sequence[SendResult]


def seeded(connector: Connector) -> Iterator[Seeded]:
    """Each fault of a carrier."""
    carrier = connector.carrier
    for name, laws, part, wrap in _CARRYING if carrier else ():
        genuine = getattr(carrier, part)
        # The same reference twice is one message where the carrier promises so: no fault at all.
        harmless = wrap is _twice and carrier is not None and carrier.replay_within is not None
        if carrier and genuine is not None and not harmless:
            faulty = replace(carrier, **{part: wrap(genuine)})
            yield Seeded(f"{part}: {name}", laws, replace(connector, carrier=faulty))


def _twice(send: Any) -> Any:
    def sent(ctx: Context, messages: Messages) -> Results:
        send(ctx, messages)
        return list(send(ctx, messages))

    return sent


def _raising(send: Any) -> Any:
    def sent(ctx: Context, messages: Messages) -> Results:
        found = list(send(ctx, messages))
        if any(isinstance(one, Unknown) for one in found):
            raise Unavailable("The carrier did not answer.")
        return found

    return sent


def _swallowing(send: Any) -> Any:
    def sent(ctx: Context, messages: Messages) -> Results:
        try:
            return list(send(ctx, messages))
        except Throttled as error:
            return [Unknown(error.words) for _ in messages]

    return sent


def _results(change: Callable[[list[SendResult]], list[SendResult]]) -> Callable[[Any], Any]:
    return lambda send: lambda ctx, messages: change(list(send(ctx, messages)))


def _sure(results: list[SendResult]) -> list[SendResult]:
    return [Refusal("none", one.words) if isinstance(one, Unknown) else one for one in results]


def _all_or_none(results: list[SendResult]) -> list[SendResult]:
    bad = next((one for one in results if not isinstance(one, Accepted)), None)
    return [bad for _ in results] if bad else results


def _each(**parts: Any) -> Callable[[Any], Any]:
    return lambda read: lambda request: [replace(one, **parts) for one in read(request)]


_CARRYING: tuple[tuple[str, tuple[str, ...], str, Callable[[Any], Any]], ...] = (
    ("each message goes out twice", ("send-batch",), "send", _twice),
    ("a doubt is raised", ("send-doubt",), "send", _raising),
    ("a doubt is called a refusal", ("send-doubt",), "send", _results(_sure)),
    ("a 429 is taken for a doubt", ("fault-429",), "send", _swallowing),
    ("answers in another order", ("find", "send-refused"), "send", _results(lambda r: r[::-1])),
    ("one bad number stops a batch", ("send-refused",), "send", _results(_all_or_none)),
    (
        "the last message is left out",
        ("send-batch",),
        "send",
        lambda send: lambda ctx, messages: list(send(ctx, messages[:-1])),
    ),
    (
        "what was never sent is found",
        ("find",),
        "find",
        lambda _: lambda ctx, reference: Found("1", "sent"),
    ),
    ("nothing is ever found", ("find",), "find", lambda _: lambda ctx, reference: None),
    ("nothing is ever listed", ("list",), "listed", lambda _: lambda ctx, *asked: ()),
    (
        "every time is listed",
        ("list",),
        "listed",
        lambda listed: lambda ctx, phone, since, until: listed(ctx, phone, since, until + _LONG),
    ),
    ("a day has no messages", ("counted",), "counted", lambda _: lambda ctx, day: Counted(0)),
    ("the carrier's own words are kept", ("receipts",), "receipts", _each(state="DELIVERED")),
    (
        "no message is named",
        ("receipts",),
        "receipts",
        _each(carrier_message_id="", reference=""),
    ),
    ("a STOP is not flagged", ("replies",), "replies", _each(opt_out=False)),
    ("nobody sent it", ("replies",), "replies", _each(sender="")),
    ("two callbacks have one name", ("dedupe-different",), "dedupe", lambda _: lambda _: "one"),
)
