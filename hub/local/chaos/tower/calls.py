"""The tower's calls: a batch of messages, a look-up by the hub's own reference."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import requests

from hub.contract import (
    Accepted,
    Account,
    Context,
    Found,
    Outgoing,
    Refusal,
    SendResult,
    Throttled,
    Unavailable,
    Unknown,
)
from hub.contract.http import check_status, json_of
from hub.contract.http_once import Parcel, call_once

VENDOR = "The tower"
BATCH_SIZE = 500


def check(ctx: Context) -> Account:
    """The tower, by its name."""
    return Account(str(_get(ctx, "/account")["name"]))


def send(ctx: Context, messages: Sequence[Outgoing]) -> Sequence[SendResult]:
    """One call for all. No answer, or one that cannot be read, leaves all of them unknown."""
    given = [
        {"reference": m.reference, "to": m.to.e164, "text": m.text, "channel": m.channel}
        for m in messages
    ]
    parcel = Parcel(orjson.dumps({"hook": ctx.hook_url, "messages": given}))
    try:
        answer = call_once(VENDOR, "POST", f"{_base(ctx)}/messages", deadline=ctx.deadline,
                           headers=_headers(ctx), parcel=parcel)  # fmt: skip
        _check(answer)
        told = {one["reference"]: one for one in json_of(VENDOR, answer)["messages"]}
    except Unavailable as error:
        if not error.reached:
            raise
        return [Unknown(error.words)] * len(messages)
    return [_result(told.get(m.reference, {})) for m in messages]


def _check(answer: requests.Response) -> None:
    try:
        check_status(VENDOR, answer)
    except Throttled as error:
        raise Throttled(error.words, retry_after=1.0) from None


def _result(told: Mapping[str, str]) -> SendResult:
    if "refused" in told:
        return Refusal("no-rcs", told["refused"], unreachable=True)
    if "id" in told:
        return Accepted(told["id"])
    return Unknown("The tower's answer does not name this message.")


def find(ctx: Context, reference: str) -> Found | None:
    """What the tower has under the hub's reference; None when it knows none."""
    answer = _ask(ctx, f"/messages/{reference}")
    if answer.status_code == 404:
        return None
    check_status(VENDOR, answer)
    found = json_of(VENDOR, answer)
    return Found(str(found["id"]), str(found["state"]))


def _get(ctx: Context, path: str) -> dict[str, Any]:
    answer = _ask(ctx, path)
    check_status(VENDOR, answer)
    found: dict[str, Any] = json_of(VENDOR, answer)
    return found


def _ask(ctx: Context, path: str) -> requests.Response:
    return call_once(VENDOR, "GET", _base(ctx) + path, deadline=ctx.deadline, headers=_headers(ctx))


def _base(ctx: Context) -> str:
    return ctx.settings["url"].rstrip("/")


def _headers(ctx: Context) -> dict[str, str]:
    return {"X-Key": ctx.secrets["api_key"], "Content-Type": "application/json"}
