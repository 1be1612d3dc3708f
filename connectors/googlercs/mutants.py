"""Seeded faults: each breaks one law, and the kit or a test of this folder must catch each."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hub.contract import Accepted, Refusal, Unknown
from hub.contract.kit.mutants import Mutant

Fault = Callable[[Any], Any]


def _always(answer: Any) -> Fault:
    return lambda genuine: lambda *given, **named: answer


def _changed(change: Callable[[Any], Any]) -> Fault:
    """The same answer, changed."""
    return lambda genuine: lambda *given: change(genuine(*given))


def _without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda made: {k: v for k, v in made.items() if k != name}


def _told(kind: str, state: str) -> Fault:
    """An event is read as another state."""
    return lambda genuine: {**genuine, kind: (state, "")}


def _loosely(body: bytes) -> bytes:
    return base64.b64decode(json.loads(body)["message"]["data"])


def _in_doubt(result: Any, response: Any) -> Any:
    taken = isinstance(result, Accepted) and response.status_code == 409
    return Unknown("It conflicts.") if taken else result


def _for_good(result: Any) -> Any:
    return replace(result, unreachable=False) if isinstance(result, Refusal) else result


def _named_by_body(genuine: Any) -> Any:
    return lambda request: str(hash(request.body))


MUTANTS = (
    Mutant("any signature is believed", "envelope", "_same", _always(True)),
    Mutant(
        "a second writing of the data is believed",
        "envelope",
        "data_in",
        lambda genuine: _loosely,
        test="test_envelope.py::test_second_writing_of_the_same_data_is_rejected",
    ),
    Mutant(
        "anybody is greeted",
        "envelope",
        "_asked_for",
        _always("1234567890"),
        test="test_envelope.py::test_stranger_is_not_greeted",
    ),
    Mutant(
        "another agent's people are heard",
        "envelope",
        "_is_anothers",
        _always(False),
        test="test_envelope.py::test_callback_of_another_agent_is_answered_and_not_kept",
    ),
    Mutant(
        "an event is named by its writing",
        "receipts",
        "dedupe",
        _named_by_body,
        test="test_receipts.py::test_same_event_in_another_wrapping_has_the_same_name",
    ),
    Mutant(
        "what may still arrive is called expired",
        "receipts",
        "_STATES",
        _told("TTL_EXPIRATION_REVOKE_FAILED", "expired"),
    ),
    Mutant("a read message is only delivered", "receipts", "_STATES", _told("READ", "delivered")),
    Mutant("unsubscribing is not heard", "receipts", "_SAID", lambda genuine: {}),
    Mutant(
        "any page is an acceptance",
        "answers",
        "_taken",
        lambda genuine: lambda response, message: Accepted("phones/+1/agentMessages/1"),
    ),
    Mutant(
        "a message sent before is in doubt",
        "answers",
        "result_of",
        lambda genuine: lambda response, message: _in_doubt(genuine(response, message), response),
        test="test_sending.py::test_same_reference_again_is_accepted_and_stays_one_message",
    ),
    Mutant(
        "a phone without RCS is refused like any other",
        "answers",
        "result_of",
        _changed(_for_good),
    ),
    Mutant(
        "the message's name lacks the phone",
        "answers",
        "name_of",
        lambda genuine: lambda message: message.reference,
        test="test_googlercs.py::test_message_that_waits_is_taken_back_and_never_arrives",
    ),
    Mutant(
        "a message is never taken back by itself",
        "sending",
        "resource",
        _changed(_without("ttl")),
        test="test_sending.py::test_marketing_and_time_are_told_to_google",
    ),
    Mutant(
        "Google is not told what it carries",
        "sending",
        "resource",
        _changed(_without("messageTrafficType")),
    ),
    Mutant(
        "pictures lose their height",
        "rich",
        "_media",
        _changed(lambda made: {**made, "height": "MEDIUM"}),
    ),
    Mutant(
        "postbacks are the labels",
        "rich",
        "_suggestion",
        _changed(lambda made: {"reply": {"text": "Yes", "postbackData": "Yes"}}),
    ),
    Mutant(
        "calls go on when the time is up",
        "turns",
        "_Round.left",
        _always(1.0),
        test="test_sending.py::test_no_call_starts_after_the_time_is_up",
    ),
    Mutant(
        "a wrong agent makes phones unreachable",
        "client",
        "blames_number",
        _always(True),
        test="test_reaching.py::test_agent_that_google_does_not_know_makes_no_phone_unreachable",
    ),
    Mutant(
        "a question about many is too small",
        "reaching",
        "_groups",
        lambda genuine: lambda numbers: [numbers[:10_000], numbers[10_000:]],
        test="test_reaching.py::test_small_rest_of_very_many_is_asked_with_others",
    ),
    Mutant(
        "what was shown is said to be taken back",
        "account",
        "revoke",
        _always(True),
    ),
    Mutant(
        "numbers stand in errors",
        "documents",
        "hide_numbers",
        lambda genuine: lambda words: words,
        test="test_sending.py::test_refused_content_is_told_without_numbers",
    ),
)
