"""The vendor's answers: read, or turned into one of the hub's five errors."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.contract import AuthLost, Refused, Throttled, Unavailable

from .documents import Document, part, rows, text

VENDOR = "HubSpot"
LONGEST_WAIT = 24 * 3600.0
NO_PROPERTY = "PROPERTY_DOESNT_EXIST"
_NUMBERS = re.compile(r"\+?\d[\d ().-]{5,}\d")


@dataclass(frozen=True)
class Answer:
    """An answer in the form the vendor's package reads; header names are in lower case."""

    status: int
    reason: str
    data: bytes
    headers: Mapping[str, str]

    def getheaders(self) -> Mapping[str, str]:
        """All headers."""
        return self.headers

    def getheader(self, name: str, default: str | None = None) -> str | None:
        """One header."""
        return self.headers.get(name.lower(), default)

    @property
    def document(self) -> dict[str, Any]:
        """The body as an object; an empty one where there is none."""
        found = json.loads(self.data) if self.data.strip() else {}
        return found if isinstance(found, dict) else {}


def check(answer: Answer) -> Answer:
    """The same answer when it is a good one. Raises the listed errors."""
    if 200 <= answer.status < 300:
        _readable(answer)
        return answer
    said = _said(answer)
    words = f"{VENDOR} answered {answer.status}: {_blurred(said)}"
    if answer.status == 401:
        raise AuthLost(words)
    if answer.status in (423, 429, 477):
        raise Throttled(words, retry_after=_wait(answer, said))
    if answer.status in (408, 499) or answer.status >= 500:
        raise Unavailable(words)
    if 300 <= answer.status < 400:
        words = (
            f"{VENDOR} sends calls on to another address. Put its exact address in the settings."
        )
    lacking = missing_scopes(said)
    if lacking:
        words = (
            f"The credentials lack the right {lacking}. Allow it at {VENDOR}, then connect again."
        )
    raise Refused(words, code=NO_PROPERTY if _lacks_property(answer) else str(answer.status))


def _lacks_property(answer: Answer) -> bool:
    return answer.status == 400 and NO_PROPERTY.encode() in answer.data


def _readable(answer: Answer) -> None:
    try:
        found = json.loads(answer.data) if answer.data.strip() else {}
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Unavailable(f"{VENDOR} answered with something that is not JSON.")


def _said(answer: Answer) -> Document:
    try:
        found = json.loads(answer.data[:65536])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _blurred(said: Document) -> str:
    # A message repeats the value it complains of, which may be somebody's number.
    words = text(said.get("message"), 200) or text(said.get("error_description"), 200)
    return _NUMBERS.sub("…", words) or "no explanation."


def missing_scopes(said: Document) -> str:
    """The scopes a 403 asks for, in a text; empty when it is about something else."""
    if text(said.get("category")) != "MISSING_SCOPES":
        return ""
    found: list[str] = []
    for row in (said, *rows(said.get("errors"))):
        context = part(row, "context")
        for name in ("requiredGranularScopes", "requiredScopes"):
            named = context.get(name)
            found += [text(s, 80) for s in named] if isinstance(named, list) else []
    return ", ".join(dict.fromkeys(filter(None, found))) or "for this call"


def _wait(answer: Answer, said: Document) -> float:
    """Seconds to wait, at most a day.

    Workflow calls say `Retry-After` in milliseconds, a migrating account (477) and any proxy before
    it in seconds. No proxy asks for a thousand seconds and no workflow for less than a second, so
    the size tells which it is.
    """
    try:
        asked = float(answer.headers.get("retry-after", ""))
    except ValueError:
        asked = -1.0
    if asked >= 0:
        in_ms = asked >= 1000 and answer.status != 477
        return min(asked / 1000 if in_ms else asked, LONGEST_WAIT)
    if answer.status == 423:
        return 2.0
    if text(said.get("policyName")) == "DAILY":
        return 3600.0
    return 1.0 if text(said.get("policyName")) == "SECONDLY" else 10.0
