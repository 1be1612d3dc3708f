"""Seeded faults: each breaks one law, and the kit must catch each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hub.contract import Refusal
from hub.contract.kit.mutants import Mutant

Fault = Callable[[Any], Any]


def _instead(made: Any) -> Fault:
    return lambda genuine: made


def _with(**values: Any) -> Fault:
    """The same status with these values in it."""
    return lambda genuine: lambda *given: replace(genuine(*given), **values)


def _without(name: str) -> Fault:
    """The headers without one of them."""
    return lambda genuine: lambda *given: {k: v for k, v in genuine(*given).items() if k != name}


def _by_reference(request: Any) -> str:
    return f"receipt:{request.query.get('ref')}"


_CALLBACKS = "test_callbacks.py::test_"
_SENDING = "test_sending.py::test_"

MUTANTS = (
    Mutant(
        "a receipt is named by its message alone",
        "callbacks",
        "dedupe",
        _instead(_by_reference),
        test=_CALLBACKS + "states_of_one_message_are_told_apart_and_not_their_repetitions",
    ),
    Mutant(
        "a call of any size is read",
        "callbacks",
        "MOST_BYTES",
        _instead(1 << 40),
        test=_CALLBACKS + "what_kannel_would_never_call_is_rejected",
    ),
    Mutant(
        "what is taken is called delivered",
        "statuses",
        "_STATES",
        lambda genuine: genuine | {"8": "delivered"},
    ),
    Mutant("who opted out is not barred", "callbacks", "status_of", _with(blocked=False)),
    Mutant("a dead number lives on", "callbacks", "status_of", _with(dead_number=False)),
    Mutant(
        "a reply's text is a receipt's answer",
        "callbacks",
        "_is_receipt",
        _instead(lambda request: bool(request.query.get("ref") or request.query.get("from"))),
    ),
    Mutant("the sender keeps no plus", "callbacks", "phone_of", _instead(lambda sender: sender)),
    Mutant(
        "every reply is read as UTF-8",
        "callbacks",
        "text_of",
        _instead(lambda request: request.body.decode("utf-8", "replace")),
    ),
    Mutant(
        "the reference stays at home",
        "writing",
        "urlencode",
        lambda genuine: lambda fixed: genuine({**fixed, "ref": ""}),
        test=_SENDING + "message_is_written_in_kannels_form",
    ),
    Mutant(
        "our percent signs are Kannel's escapes",
        "writing",
        "_hook",
        lambda genuine: lambda *given: genuine(*given).replace("%%", "%"),
        test=_SENDING + "message_is_written_in_kannels_form",
    ),
    Mutant(
        "Cyrillic goes out as GSM-7",
        "writing",
        "_UCS2",
        _instead("0"),
        test=_SENDING + "text_outside_gsm_goes_as_utf_16",
    ),
    Mutant(
        "no receipt is asked for",
        "sending",
        "headers_of",
        _without("X-Kannel-DLR-Url"),
        test=_SENDING + "message_is_written_in_kannels_form",
    ),
    Mutant("any 2xx is acceptance", "sending", "_TAKEN", _instead("")),
    Mutant(
        "a doubtful answer is a refusal",
        "sending",
        "Unknown",
        _instead(lambda words: Refusal("0", words)),
    ),
    Mutant(
        "a silent gateway is asked for ever",
        "sending",
        "MOST_DOUBTS",
        _instead(1 << 10),
        test=_SENDING + "after_two_messages_in_doubt_the_others_wait",
    ),
    Mutant(
        "what Kannel says is repeated, numbers and all",
        "sending",
        "_refusal",
        _instead(lambda status, words: Refusal("denied", words)),
        test=_SENDING + "answer_about_one_message_refuses_it_alone",
    ),
)
