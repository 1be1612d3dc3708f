"""What went wrong, as RFC 9457 problem documents: one stable code each, words for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson
from flask import Response

TITLES: Mapping[str, tuple[int, str]] = {
    "bad-json": (400, "The body is not usable JSON."),
    "bad-query": (400, "A query parameter cannot be used."),
    "no-idempotency-key": (400, "An Idempotency-Key is needed."),
    "no-key": (401, "An API key is needed."),
    "no-scope": (403, "This key may not do that."),
    "not-found": (404, "There is nothing here."),
    "not-allowed": (405, "This address does not take that method."),
    "key-reused": (409, "This Idempotency-Key stands for another request."),
    "too-large": (413, "The body is too large."),
    "not-json": (415, "The body must be JSON."),
    "wrong-host": (400, "This is not the hub's name."),
    "invalid": (422, "Some fields cannot be used."),
    "vendor-refused": (422, "The vendor refused."),
    "too-often": (429, "Too many requests."),
    "unexpected": (500, "The hub made a mistake."),
    "vendor-away": (502, "The vendor cannot be reached."),
    "busy": (503, "The hub cannot do this now."),
}


@dataclass
class Problem(Exception):
    """One refusal. `errors` are (field, words) pairs, a field as its path: "to.phone"."""

    code: str
    detail: str
    errors: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status of this code."""
        return TITLES[self.code][0]

    def as_json(self) -> dict[str, object]:
        """The problem document."""
        status, title = TITLES[self.code]
        return {
            "type": f"/problems/{self.code}",
            "title": title,
            "status": status,
            "detail": self.detail,
            "errors": [{"field": name, "words": words} for name, words in self.errors],
        }


def respond(problem: Problem) -> Response:
    """The problem as an HTTP answer."""
    body = orjson.dumps(problem.as_json())
    made = Response(body, problem.status, content_type="application/problem+json")
    made.headers.extend(problem.headers)
    return made


def not_found(noun: str) -> Problem:
    """The same answer whether it never was or is another workspace's."""
    return Problem("not-found", f"There is no such {noun} in this workspace.")


def invalid(*errors: tuple[str, str]) -> Problem:
    """Fields that cannot be used, all of them at once."""
    return Problem("invalid", "Correct the fields below and send it again.", errors)


def too_often(seconds: int) -> Problem:
    """More than this key, or this address, may ask in a minute."""
    words = f"Wait {seconds} s, then send the same request again; spread requests over the minute."
    return Problem("too-often", words, headers={"Retry-After": str(seconds)})


BUSY = Problem(
    "busy",
    "The database does not answer. Send the same request again in a few seconds.",
    headers={"Retry-After": "5"},
)
