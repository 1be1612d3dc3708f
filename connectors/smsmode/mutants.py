"""Seeded faults: each breaks one law, and the kit must catch each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

from hub.contract import Refusal
from hub.contract.kit.mutants import Mutant

from .documents import part, text
from .trees import SMS

Fault = Callable[[Any], Any]


def _instead(made: Any) -> Fault:
    return lambda genuine: made


def _with(**values: Any) -> Fault:
    """The same answer with these values in it."""
    return lambda genuine: lambda *given: replace(genuine(*given), **values)


def _sent_with(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Fault:
    """The message in smsmode's form, changed."""
    return lambda genuine: lambda ctx, message: change(genuine(ctx, message))


def _without_reference(made: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if name != "refClient"}


def _always_gsm(made: dict[str, Any]) -> dict[str, Any]:
    return made | {"body": made["body"] | {"encoding": "GSM7"}}


def _without_stop(made: dict[str, Any]) -> dict[str, Any]:
    return made | {"body": made["body"] | {"stop": False}}


def _by_message(item: Any) -> str:
    return f"callback:{text(item.get('messageId'))}" if isinstance(item, dict) else ""


def _whatever_has_words(item: Any) -> bool:
    return isinstance(item, dict) and bool(part(item, "body"))


def _unsuitable(detail: str, rcs: bool) -> bool:
    return detail in ("INVALID_PHONE_NUMBER", "PHONE_NOT_SUITABLE")


def _raising(error: Exception, *_: object) -> NoReturn:
    raise error


MUTANTS = (
    Mutant(
        "another channel's callbacks are taken",
        "receipts",
        "_is_of",
        _instead(lambda *_: True),
        test="test_receipts.py::test_callback_of_another_channel_is_rejected",
    ),
    Mutant(
        "a report is named by its message alone",
        "receipts",
        "_name",
        _instead(_by_message),
        test="test_receipts.py::test_dedupe_tells_statuses_apart_and_not_repetitions",
    ),
    Mutant(
        "our own words are read as a reply", "receipts", "_is_reply", _instead(_whatever_has_words)
    ),
    Mutant(
        "a callback of any size is read",
        "receipts",
        "MOST_BYTES",
        _instead(1 << 40),
        test="test_receipts.py::test_request_that_smsmode_would_never_send_is_rejected",
    ),
    Mutant("a STOP is a reply like any other", "receipts", "_reply", _with(opt_out=False)),
    Mutant(
        "waiting is taken for failure",
        "statuses",
        "_STATES",
        lambda genuine: genuine | {"UNKNOWN": "failed"},
        test="test_receipts.py::test_status_words_mean_states",
    ),
    Mutant("who opted out is not barred", "statuses", "status_of", _with(blocked=False)),
    Mutant("a dead number lives on", "statuses", "status_of", _with(dead_number=False)),
    Mutant("one bad message spoils its array", "sending", "_ABOUT_CONTENT", _instead(())),
    Mutant(
        "a doubtful answer is a refusal",
        "sending",
        "_DOUBTFUL",
        _instead(()),
        test="test_sending.py::test_answer_that_proves_nothing_is_unknown_for_each",
    ),
    Mutant(
        "the reference is not sent along", "sending", "resource", _sent_with(_without_reference)
    ),
    Mutant(
        "Cyrillic goes out as GSM-7",
        "sending",
        "resource",
        _sent_with(_always_gsm),
        test="test_sending.py::test_message_is_written_in_smsmodes_form",
    ),
    Mutant(
        "marketing goes out without STOP",
        "sending",
        "resource",
        _sent_with(_without_stop),
        test="test_sending.py::test_message_is_written_in_smsmodes_form",
    ),
    Mutant(
        "results are given by their place alone",
        "answers",
        "_reference",
        _instead(lambda item: ""),
        test="test_answers.py::test_items_are_matched_by_reference_whatever_their_order",
    ),
    Mutant(
        "an answer that says nothing is a refusal",
        "answers",
        "_UNREAD",
        _instead(Refusal("0", "It was not sent.")),
    ),
    Mutant(
        "a reply proves the sending",
        "account",
        "_is_ours",
        _instead(lambda item, reference: text(item.get("refClient")) == reference),
        test="test_smsmode.py::test_reply_under_the_reference_is_no_proof_of_sending",
    ),
    Mutant(
        "what has left is called unsent",
        "sending",
        "Parcel",
        lambda genuine: type("Parcel", (genuine,), {"withdraw": lambda self: True}),
    ),
    Mutant("a phone without RCS is called dead", "statuses", "_is_dead", _instead(_unsuitable)),
    Mutant("a tap's postback is lost", "receipts", "_postback", _instead(lambda body: "")),
    Mutant("RCS is looked for among the SMS", "account", "RCS", _instead(SMS)),
    Mutant("RCS goes out as SMS", "resource", "RCS", _instead(SMS)),
    Mutant("pictures of cards are left out", "rich", "_media", _instead(lambda media: {})),
    Mutant(
        "a key for RCS that is refused stops the SMS",
        "sending",
        "_turned_away",
        _instead(_raising),
        test="test_rcs.py::test_key_that_does_not_open_rcs_holds_back_rcs_alone",
    ),
    Mutant(
        "RCS has no end to its validity",
        "resource",
        "validity_of",
        _instead(lambda within: {"amount": 48, "timeUnit": "HOURS"}),
        test="test_rcs.py::test_rcs_is_written_with_its_agent_and_its_validity",
    ),
    Mutant(
        "numbers stand in errors",
        "sending",
        "hide_numbers",
        _instead(lambda words: words),
        test="test_sending.py::test_single_message_refused_for_its_content_is_refused_for_good",
    ),
)
