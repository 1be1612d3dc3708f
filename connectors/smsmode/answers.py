"""What smsmode's answer to a batch says of each message; in doubt it says nothing: Unknown."""

import json
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Any

import requests

from hub.contract import Accepted, Outgoing, Refusal, SendResult, Unknown

from .documents import hide_numbers, price, text

_ABOUT_CONTENT = (400, 404, 413, 422)
_NOT_NOW = (401, 402, 403, 429)
_UNREAD = Unknown("smsmode's answer says nothing of this message; it may have gone out.")


def code_of(response: requests.Response) -> str:
    """smsmode's own error code ("400.029"), or nothing where the answer is not in its form."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return ""
    return text(body.get("errorCode")) if isinstance(body, dict) else ""


def results_of(response: requests.Response, messages: Sequence[Outgoing]) -> list[SendResult]:
    """A result for each message, found by its reference; by its place where an item has none."""
    items = _items(response)
    named: dict[str, deque[Any]] = defaultdict(deque)
    for item in items:
        named[_reference(item)].append(item)
    aligned = len(items) == len(messages)
    results: list[SendResult] = []
    for place, message in enumerate(messages):
        if named[message.reference]:
            results.append(_result(named[message.reference].popleft()))
        elif aligned and not _reference(items[place]):
            results.append(_result(items[place]))
        else:
            results.append(_UNREAD)
    return results


def _items(response: requests.Response) -> list[Any]:
    """An array of {"message": resource}; one resource alone stands for itself."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return []
    return body if isinstance(body, list) else [body]


def _message(item: Any) -> Mapping[str, Any]:
    if not isinstance(item, dict):
        return {}
    inner = item.get("message")
    return inner if isinstance(inner, dict) else item


def _reference(item: Any) -> str:
    return text(_message(item).get("refClient"))


def _result(item: Any) -> SendResult:
    message = _message(item)
    message_id = text(message.get("messageId"))
    if message_id:
        return Accepted(message_id, price(message))
    inner = message.get("error")
    return _refusal(inner if isinstance(inner, dict) else message)


def _refusal(fault: Mapping[str, Any]) -> SendResult:
    """An error that stands in a message's place. A code that is not listed proves nothing."""
    code = text(fault.get("errorCode"))
    status = int(code[:3]) if code[:3].isascii() and code[:3].isdigit() else 0
    said = next((s for n in ("detail", "message", "title") if (s := text(fault.get(n), 200))), code)
    words = f"smsmode refused the message: {hide_numbers(said)}"
    if status in _ABOUT_CONTENT:
        return Refusal(code, words)
    if status in _NOT_NOW:
        return Refusal(code, words, permanent=False)
    return _UNREAD
