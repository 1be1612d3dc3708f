"""Events posted to the hub's own API: the same vocabulary, in JSON."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.contract import VOCABULARY, Consent, Event, Person, Request
from hub.contract.events import faults_of

_PERSON = ("phone", "country", "first_name", "last_name", "email", "language", "zone", "record")


class BadEvent(ValueError):
    """The posted event cannot be used; `problems` are (field, words) pairs."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(f"{name}: {words}" for name, words in problems))
        self.problems = problems


def read_posted(request: Request) -> list[Event]:
    """The event of a stored API request."""
    return [read_event(json.loads(request.body))]


def read_event(body: Any) -> Event:
    """An event from its JSON form. Raises BadEvent naming every field that is wrong."""
    if not isinstance(body, Mapping):
        raise BadEvent([("", "The body must be a JSON object.")])
    problems = [
        (name, "This text is required.")
        for name in ("type", "key", "subject", "occurred_at")
        if not isinstance(body.get(name), str) or not body[name]
    ]
    if not isinstance(body.get("type"), str) or body["type"] not in VOCABULARY:
        known = ", ".join(VOCABULARY)
        problems.append(("type", f"Choose one of: {known}."))
    when = _time(body.get("occurred_at"), "occurred_at", problems)
    person = _person(body.get("person", {}), problems)
    data = body.get("data", {})
    if not isinstance(data, Mapping):
        problems.append(("data", "This must be an object of the event type's variables."))
    if problems or when is None:
        raise BadEvent(problems)
    event = Event(
        type=body["type"],
        key=body["key"][:300],
        subject=body["subject"][:300],
        occurred_at=when,
        person=person,
        data=dict(data),
        cart=str(body.get("cart", ""))[:300],
    )
    broken = faults_of(event)
    if broken:
        raise BadEvent([("data", words) for words in broken])
    return event


def _time(value: Any, name: str, problems: list[tuple[str, str]]) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        problems.append((name, "Give an ISO 8601 time with its zone, like 2026-06-12T14:30:00Z."))
        return None
    return found


def _person(value: Any, problems: list[tuple[str, str]]) -> Person:
    if not isinstance(value, Mapping):
        problems.append(("person", "This must be an object."))
        return Person()
    texts: dict[str, Any] = {}
    for name in _PERSON:
        texts[name] = value.get(name) or ""
        if not isinstance(texts[name], str):
            problems.append((f"person.{name}", "This must be a text."))
            texts[name] = ""
    return Person(**texts, consent=_consent(value.get("consent"), problems))


def _consent(value: Any, problems: list[tuple[str, str]]) -> Consent | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or not isinstance(value.get("granted"), bool):
        problems.append(("person.consent", "Give {granted, source, at}; granted is true or false."))
        return None
    when = _time(value.get("at"), "person.consent.at", problems)
    source = value.get("source")
    if not isinstance(source, str) or not source:
        problems.append(("person.consent.source", "Say where the person agreed."))
        return None
    text = value.get("text") or ""
    return Consent(value["granted"], source, when, str(text)) if when else None
