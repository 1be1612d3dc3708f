"""Seeded faults: each breaks one law, and the kit or a test of this folder must catch each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hub.contract import Refusal
from hub.contract.kit.mutants import Mutant

Fault = Callable[[Any], Any]


def _instead(made: Any) -> Fault:
    return lambda genuine: made


def _with(**values: Any) -> Fault:
    """The same answer with these values in it."""

    def planted(genuine: Any) -> Any:
        return lambda *given, **more: replace(genuine(*given, **more), **values)

    return planted


def _without(*names: str) -> Fault:
    """A message's form without these fields."""

    def planted(genuine: Any) -> Any:
        return lambda ctx, message: {
            name: value for name, value in genuine(ctx, message).items() if name not in names
        }

    return planted


def _some_fields(fields: Any) -> str:
    kept = ("MessageSid", "MessageStatus", "From", "To", "Body")
    return "".join(name + value for name, value in sorted(set(fields)) if name in kept)


def _unprefixed(genuine: Any) -> Any:
    return lambda ctx, message: {
        name: value.removeprefix("rcs:") if name == "To" else value
        for name, value in genuine(ctx, message).items()
    }


def _nameless(genuine: Any) -> Any:
    return lambda blanks, one: genuine(blanks, replace(one, postback="x"))


MUTANTS = (
    Mutant("only the known fields are signed", "signature", "_canonical", _instead(_some_fields)),
    Mutant(
        "the port must be as Twilio has it",
        "signature",
        "_spellings",
        _instead(lambda url: [url]),
    ),
    Mutant(
        "any algorithm will do",
        "signature",
        "_digest",
        _instead(lambda settings: "sha1"),
    ),
    Mutant("the reference is not sent along", "sending", "form", _without("StatusCallback")),
    Mutant(
        "Twilio falls back to SMS by itself",
        "sending",
        "form",
        _unprefixed,
    ),
    Mutant(
        "a breakdown is handed the whole batch",
        "sending",
        "_MOST_DOUBTS",
        _instead(1_000),
        test="test_sending.py::test_twilio_that_breaks_down_is_not_handed_the_whole_batch",
    ),
    Mutant(
        "what has left is called unsent",
        "client",
        "Parcel.withdraw",
        _instead(lambda self: True),
    ),
    Mutant(
        "a doubtful answer is a refusal",
        "answers",
        "_accepted",
        _instead(lambda _: Refusal("", "")),
    ),
    Mutant(
        "a proxy's word is taken for Twilio's",
        "answers",
        "code_of",
        _instead(lambda response: "400"),
        test="test_sending.py::test_answer_that_proves_nothing_is_unknown",
    ),
    Mutant(
        "numbers stand in refusals",
        "answers",
        "hide_numbers",
        _instead(lambda words: words),
        test="test_sending.py::test_refusal_of_twilio_is_told_with_its_meaning",
    ),
    Mutant(
        "who opted out is not barred",
        "statuses",
        "OPTED_OUT",
        _instead(()),
    ),
    Mutant("a dead number lives on", "statuses", "DEAD", _instead(())),
    Mutant(
        "a phone that is switched off has no RCS",
        "statuses",
        "NO_RCS",
        lambda genuine: (*genuine, "30003"),
    ),
    Mutant("what came too late has failed", "statuses", "EXPIRED", _instead(())),
    Mutant(
        "a status is named by its message alone", "receipts", "_status", _instead(lambda _: "sent")
    ),
    Mutant(
        "an appointment's CANCEL is an opt-out",
        "receipts",
        "_STOPS",
        lambda genuine: (*genuine, "CANCEL"),
    ),
    Mutant("a tap has no id", "receipts", "_reply", _with(postback="")),
    Mutant(
        "a button goes out without its id",
        "rich",
        "_action",
        _nameless,
    ),
    Mutant(
        "what Twilio would cut is sent all the same",
        "rich",
        "_check",
        _instead(lambda rich: None),
        test="test_rich.py::test_what_twilio_would_cut_is_refused_in_words",
    ),
    Mutant(
        "a template in doubt is a message in doubt",
        "contents",
        "_unsent",
        _instead(lambda words: KeyError(words)),
        test="test_sending.py::test_template_in_doubt_is_no_message_in_doubt",
    ),
)
