"""Faults of RCS and of phones: content lost, taps misread, two messages where one was meant."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import uuid6

from hub.contract import Carrier, Connector, Context, Response
from hub.contract.kit.mutants import Seeded
from hub.contract.outcomes import Outgoing, Refusal, SendResult
from hub.contract.rich import Rich

Messages = Sequence[Outgoing]
Change = Callable[[Outgoing], Outgoing]
Fault = Callable[[Carrier], Mapping[str, Any]]


def seeded(connector: Connector) -> Iterator[Seeded]:
    """Each fault that this carrier could have, by its channels and its parts."""
    carrier = connector.carrier
    if carrier is None:
        return
    for name, law, needs, fault in _FAULTS:
        if all(need in carrier.channels or getattr(carrier, need, None) for need in needs):
            faulty = replace(carrier, **fault(carrier))
            yield Seeded(f"phones: {name}", (law,), replace(connector, carrier=faulty))


def _sending(change: Change) -> Fault:
    def fault(carrier: Carrier) -> Mapping[str, Any]:
        def send(ctx: Context, messages: Messages) -> Sequence[SendResult]:
            return carrier.send(ctx, [change(one) for one in messages])

        return {"send": send}

    return fault


def _with_rich(change: Callable[[Rich], Rich]) -> Fault:
    return _sending(lambda one: replace(one, rich=change(one.rich)) if one.rich else one)


def _without_suggestions(rich: Rich) -> Rich:
    return replace(rich, suggestions=())


def _backwards(rich: Rich) -> Rich:
    return replace(rich, cards=rich.cards[::-1])


def _without_pictures(rich: Rich) -> Rich:
    return replace(rich, cards=tuple(replace(card, media=None) for card in rich.cards))


def _as_sms(one: Outgoing) -> Outgoing:
    return replace(one, channel="sms", rich=None)


def _as_rcs(one: Outgoing) -> Outgoing:
    return replace(one, channel="rcs", rich=one.rich or Rich(one.text))


def _anew(one: Outgoing) -> Outgoing:
    return replace(one, reference=str(uuid6.uuid7()))


def _saying(**parts: Any) -> Fault:
    """These flags, wherever a message's end is told: at once or by receipt."""

    def fault(carrier: Carrier) -> Mapping[str, Any]:
        def send(ctx: Context, messages: Messages) -> Sequence[SendResult]:
            found = carrier.send(ctx, messages)
            return [replace(one, **parts) if isinstance(one, Refusal) else one for one in found]

        def receipts(request: Any) -> Sequence[Any]:
            return [replace(one, **parts) for one in carrier.receipts(request)]

        return {"send": send, "receipts": receipts}

    return fault


def _replies(**parts: Any) -> Fault:
    return lambda carrier: {
        "replies": lambda request: [replace(one, **parts) for one in carrier.replies(request)]
    }


def _typed_is_tapped(carrier: Carrier) -> Mapping[str, Any]:
    def replies(request: Any) -> Sequence[Any]:
        return [replace(one, postback=one.postback or one.text) for one in carrier.replies(request)]

    return {"replies": replies}


def _unread(carrier: Carrier) -> Mapping[str, Any]:
    return {"receipts": lambda request: [replace(r, state="") for r in carrier.receipts(request)]}


def _backward_reach(carrier: Carrier) -> Mapping[str, Any]:
    ask = carrier.reach or (lambda ctx, phones: ())
    return {"reach": lambda ctx, phones: list(ask(ctx, phones))[::-1]}


def _part(name: str, made: Any) -> Fault:
    return lambda carrier: {name: made}


_RCS, _SMS = "rcs", "sms"
_FAULTS: tuple[tuple[str, str, tuple[str, ...], Fault], ...] = (
    ("what can be tapped is left out", "rcs-shapes", (_RCS,), _with_rich(_without_suggestions)),
    ("the cards come backwards", "rcs-shapes", (_RCS,), _with_rich(_backwards)),
    ("the pictures are left out", "rcs-shapes", (_RCS,), _with_rich(_without_pictures)),
    ("RCS goes out as SMS", "rcs-beside-sms", (_RCS, _SMS), _sending(_as_sms)),
    ("SMS goes out as RCS", "rcs-beside-sms", (_RCS, _SMS), _sending(_as_rcs)),
    ("a phone without RCS is just lost", "no-rcs", (_RCS,), _saying(unreachable=False)),
    ("a phone without RCS is dead", "no-rcs", (_RCS,), _saying(dead_number=True)),
    ("who opted out is written to again", "blocked", (), _saying(blocked=False)),
    ("a wrong number is kept", "dead-number", (), _saying(dead_number=False)),
    ("who opted out has no number", "blocked", (), _saying(dead_number=True)),
    ("a wrong number is an opt-out", "dead-number", (), _saying(blocked=True)),
    (
        "every phone is said to have RCS",
        "rcs-reach",
        ("reach",),
        _part("reach", lambda ctx, phones: [True] * len(phones)),
    ),
    ("reach is told in another order", "rcs-reach", ("reach",), _backward_reach),
    ("a postback is lost", "rcs-taps", (_RCS,), _replies(postback="")),
    ("a tap answers another message", "rcs-taps", (_RCS,), _replies(reference="another")),
    ("who types is taken to tap", "rcs-words", (_RCS,), _typed_is_tapped),
    ("a delivery is not told", "rcs-receipts", (_RCS,), _unread),
    ("all is said to be taken back", "revoked", ("revoke",), _part("revoke", lambda *_: True)),
    ("a repeated send is a new message", "replay", ("replay_within",), _sending(_anew)),
    ("a handshake is stored", "greeted", ("greet",), _part("greet", lambda *_: None)),
    ("all is a handshake", "greeted", ("greet",), _part("greet", lambda *_: Response(200))),
    (
        "callbacks are refused",
        "acknowledged",
        ("answer",),
        _part("answer", lambda _: Response(500)),
    ),
)
