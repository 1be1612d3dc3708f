"""Which phones RCS reaches: asked one by one, or many at once where Google allows it."""

import time
from collections.abc import Iterator, Sequence

import requests
from uuid6 import uuid7

from hub.contract import ConnectorError, Context, Phone, Throttled, Unavailable

from .client import ask, blames_number, error_of, object_in, post, status_of
from .turns import first_error, in_turn

# Google's least and most for one question about many.
LEAST, MOST = 500, 10_000

_Known = dict[str, bool | None]


def reach(ctx: Context, phones: Sequence[Phone]) -> list[bool | None]:
    """Which phones RCS reaches now, in their order; None where Google could not say in time.

    Raises AuthLost, Throttled and Refused, which hold for all phones, where nothing was learnt.
    """
    numbers = sorted({phone.e164 for phone in phones})
    known = _many(ctx, numbers) if len(numbers) >= LEAST else _each(ctx, numbers)
    return [known.get(phone.e164) for phone in phones]


def reaches(ctx: Context, number: str, seconds: float) -> bool:
    """Whether RCS reaches this phone. Raises the listed errors."""
    path, query = f"/v1/phones/{number}/capabilities", {"requestId": str(uuid7())}
    answer = ask(ctx, "GET", path, query, seconds)
    if _says_no(answer):
        return False
    if not 200 <= answer.status_code < 300:
        raise error_of(answer)
    if not isinstance(object_in(answer).get("features", []), list):
        raise Unavailable("Google's answer about a phone cannot be read.")
    return True


def _says_no(answer: requests.Response) -> bool:
    missing = answer.status_code == 404 and status_of(answer) == "NOT_FOUND"
    return missing or (answer.status_code == 400 and blames_number(answer))


def _each(ctx: Context, numbers: Sequence[str]) -> _Known:
    def one(number: str, seconds: float) -> bool | None:
        try:
            return reaches(ctx, number, seconds)
        except Unavailable:
            return None

    found = in_turn(ctx.deadline, numbers, one)
    known = [None if isinstance(told, ConnectorError) else told for told in found]
    error = first_error(found)
    if error and not isinstance(error, Unavailable) and not any(k is not None for k in known):
        raise error
    return dict(zip(numbers, known, strict=True))


def _many(ctx: Context, numbers: Sequence[str]) -> _Known:
    known: _Known = {}
    ends = time.monotonic() + ctx.deadline
    for asked in _groups(numbers):
        left = ends - time.monotonic()
        if left <= 0:
            break
        try:
            known |= _bulk(ctx, asked, left)
        except Unavailable:
            break
        except Throttled:
            if known:
                break
            raise
    return known


def _groups(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    """So that none is below Google's least, a small rest takes some with it that were asked."""
    for start in range(0, len(numbers), MOST):
        group = numbers[start : start + MOST]
        yield group if len(group) >= LEAST else numbers[-LEAST:]


def _bulk(ctx: Context, numbers: Sequence[str], seconds: float) -> _Known:
    answer = post(ctx, "/v1/users:batchGet", {"users": list(numbers)}, seconds=seconds)
    if not 200 <= answer.status_code < 300:
        raise error_of(answer)
    document = object_in(answer)
    # Where none is reached the list may be left out, but never the sample's size.
    listed = document.get("reachableUsers", [] if "totalRandomSampleUserCount" in document else "")
    if not isinstance(listed, list):
        raise Unavailable("Google's answer about many phones cannot be read.")
    reachable = {one for one in listed if isinstance(one, str)}
    return {number: number in reachable for number in numbers}
