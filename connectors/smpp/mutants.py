"""Seeded faults: each breaks one law, and the kit or one of the folder's tests must catch each."""

from collections.abc import Callable
from typing import Any

from hub.contract import Refusal
from hub.contract.kit.mutants import Mutant

Fault = Callable[[Any], Any]


def _instead(made: Any) -> Fault:
    return lambda genuine: made


def _nothing(*_: Any, **__: Any) -> None:
    """A check that checks nothing."""


def _caught_by(test: str) -> str:
    file, _, name = test.partition(" ")
    return f"test_{file}.py::test_{name}"


MUTANTS = (
    Mutant(
        "anybody's call is the bind's",
        "callbacks",
        "verify",
        _instead(_nothing),
        test=_caught_by("hub_side call_is_believed_only_with_its_signature"),
    ),
    Mutant(
        "a signature is of the key alone",
        "callbacks",
        "signature",
        lambda genuine: lambda secret, body: genuine(secret, b""),
    ),
    Mutant(
        "a call of any size is read",
        "callbacks",
        "MOST_BYTES",
        _instead(1 << 40),
        test=_caught_by("hub_side call_is_believed_only_with_its_signature"),
    ),
    Mutant(
        "words never met are states",
        "callbacks",
        "_STATES",
        lambda genuine: (*genuine, "teleported"),
    ),
    Mutant(
        "an unread result is a refusal", "documents", "_UNREAD", _instead(Refusal("0", "Not sent."))
    ),
    Mutant(
        "the key says nothing of the password",
        "client",
        "hmac",
        lambda genuine: type(
            "Weak", (), {"new": staticmethod(lambda k, _, h: genuine.new(k, b"", h))}
        ),
    ),
    Mutant(
        "any answer of the bind's is about a message",
        "sending",
        "_results",
        _instead(lambda response, count: [Refusal("0", "Not sent.")] * count),
    ),
    Mutant(
        "§ is missing from the alphabet",
        "wire.gsm",
        "_OCTETS",
        lambda genuine: {k: v for k, v in genuine.items() if k != "§"},
        test=_caught_by("wire alphabet_has_137_characters_and_each_comes_back"),
    ),
    Mutant(
        "pairs are cut at the edge of a part",
        "wire.parts",
        "_fill",
        _instead(
            lambda pieces, room: [
                b"".join(pieces)[at : at + room] for at in range(0, len(b"".join(pieces)), room)
            ]
        ),
        test=_caught_by("wire euro_at_the_edge_of_a_part_goes_into_the_next"),
    ),
    Mutant(
        "parts do not say that they have a header",
        "wire.pdu",
        "_UDH",
        _instead(0),
        test=_caught_by("wire message_is_written_as_the_standard_says"),
    ),
    Mutant(
        "no receipt is asked for",
        "wire.pdu",
        "_RECEIPT_WANTED",
        _instead(0),
        test=_caught_by("wire message_is_written_as_the_standard_says"),
    ),
    Mutant(
        "the message's own words are read as its receipt",
        "wire.reports",
        "_fields",
        lambda genuine: lambda octets: genuine(octets.replace(b"text:", b" ")),
        test=_caught_by("wire receipt_in_text_is_read_and_the_message_in_it_is_not"),
    ),
    Mutant(
        "an operator's own error is a refusal",
        "wire.statuses",
        "_SAYS_NOTHING",
        _instead(()),
        test=_caught_by("wire each_status_proves_what_it_proves"),
    ),
    Mutant(
        "one delivered part is the whole message",
        "line.ledger",
        "Sent.verdict",
        _instead(lambda self: next((r for r in self.parts.values() if r), None)),
        test=_caught_by("line message_is_delivered_once_all_its_parts_are"),
    ),
    Mutant(
        "the operator is thanked whatever the hub says",
        "line.hearing",
        "NOT_NOW",
        _instead(0),
        test=_caught_by("line operator_is_asked_to_come_again_where_the_hub_is_deaf"),
    ),
    Mutant(
        "parts of a reply are joined as they come",
        "line.joining",
        "_joined",
        _instead(lambda key, pile: None),
        test=_caught_by("line long_reply_is_joined_in_any_order"),
    ),
    Mutant(
        "a miss is always proof",
        "desk",
        "_made_at",
        _instead(lambda reference: 1e12),
        test=_caught_by("bind miss_proves_nothing_of_a_message_older_than_the_bind"),
    ),
    Mutant(
        "the door stands open to the network",
        "binding",
        "_NEAR",
        lambda genuine: (*genuine, "192.0.2.1"),
        test=_caught_by("bind bind_that_cannot_work_says_so_at_once"),
    ),
)
