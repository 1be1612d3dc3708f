"""The simulated Content API: templates, judged by the limits of Twilio's pages, and filled in."""

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from .problems import Problem

_BLANK = re.compile(r"\{\{([^{}\s]{1,16})\}\}")
_IN_HOST = re.compile(r"https?://[^/]*\{\{")
_BUTTONS = {"QUICK_REPLY": "title", "URL": "url", "PHONE_NUMBER": "phone"}
_MOST_BLANKS, _MOST_VALUE, _LONGEST_LABEL = 100, 255, 25


@dataclass
class Templates:
    """Every template of the account, by its id."""

    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def create(self, wanted: Any) -> dict[str, Any]:
        """Keep a template that Twilio would keep. Raises Problem."""
        types = wanted.get("types") if isinstance(wanted, dict) else None
        if not isinstance(types, dict) or len(types) != 1 or not wanted.get("language"):
            raise _bad("A template needs a language and its types.")
        blanks = set(_BLANK.findall(json.dumps(types)))
        if len(blanks) > _MOST_BLANKS or not blanks <= set(wanted.get("variables", {})):
            raise _bad("Every variable needs a sample, and there may be 100 of them.")
        _judge(types)
        sid = f"HX{uuid4().hex}"
        with self._lock:
            self.made[sid] = {**wanted, "sid": sid}
        return self.made[sid]

    def filled(self, sid: str, variables: str) -> dict[str, Any]:
        """The one type of a template with its blanks filled. Raises Problem."""
        if sid not in self.made:
            raise Problem(400, 21655, "The ContentSid is invalid.")
        values = _values(variables)
        made: dict[str, Any] = _filled(self.made[sid]["types"], values)
        return made


def _values(variables: str) -> Mapping[str, str]:
    try:
        values = json.loads(variables or "{}")
    except ValueError:
        values = None
    known = isinstance(values, dict) and all(
        isinstance(v, str) and 0 < len(v) <= _MOST_VALUE and not re.search(r"[\r\n\t]", v)
        for v in values.values()
    )
    if not known:
        raise Problem(400, 21656, "The ContentVariables Parameter is invalid.")
    return dict(values)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(one, values) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, values) for one in value]
    if not isinstance(value, str):
        return value
    return _BLANK.sub(lambda found: values[found[1]], value)


def _judge(types: Mapping[str, Any]) -> None:
    (kind, made) = next(iter(types.items()))
    if kind == "twilio/card":
        _judge_card(made)
    elif kind == "twilio/carousel":
        _judge_carousel(made)
    else:
        raise _bad(f"{kind} is not simulated.")


def _judge_card(card: Mapping[str, Any]) -> None:
    _length(card, "title", 200)
    _length(card, "body", 1600)
    actions = card.get("actions", [])
    if not (card.get("title") or card.get("body")) and not card.get("media"):
        raise _bad("A card needs a title or a body.")
    if card.get("height", "TALL") not in ("SHORT", "MEDIUM", "TALL"):
        raise _bad("height is SHORT, MEDIUM or TALL.")
    _judge_buttons(actions)
    chips = [one for one in actions if one.get("chip_list")]
    if len(actions) - len(chips) > 4 or len(chips) > 11:
        raise _bad("A card has up to 4 buttons, and 11 in its chip list.")
    for address in card.get("media", []):
        _judge_address(address)


def _judge_carousel(made: Mapping[str, Any]) -> None:
    cards = made.get("cards", [])
    if not made.get("body") or not 2 <= len(cards) <= 10:
        raise _bad("A carousel needs a body and 2 to 10 cards.")
    for card in cards:
        if not card.get("body") or not card.get("media") or not 1 <= len(card["actions"]) <= 2:
            raise _bad("A card of a carousel needs a body, media, and one or two buttons.")
        _judge_address(card["media"])
        _judge_buttons(card["actions"])
    if len({tuple(one["type"] for one in card["actions"]) for card in cards}) > 1:
        raise _bad("The buttons must have the same order on every card.")


def _judge_buttons(actions: Any) -> None:
    for one in actions:
        needed = _BUTTONS.get(one.get("type", ""))
        if needed is None or not one.get(needed) or "{{" in one.get("title", "{{"):
            raise _bad("A button needs its type, its title and what it does.")
        if len(one["title"]) > _LONGEST_LABEL or "{{" in one.get("phone", ""):
            raise _bad("A title has 25 characters, and a phone no variable.")
        _judge_address(one.get("url", ""))


def _judge_address(address: str) -> None:
    ends = not address or "{{" not in address or address.endswith("}}")
    if _IN_HOST.match(address) or not ends:
        raise _bad("A variable belongs at the end of an address, after its host.")


def _length(card: Mapping[str, Any], name: str, most: int) -> None:
    if len(card.get(name) or "") > most:
        raise _bad(f"{name} has at most {most} characters.")


def _bad(words: str) -> Problem:
    return Problem(400, 20001, words)
