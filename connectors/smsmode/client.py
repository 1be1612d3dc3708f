"""smsmode over HTTP: one call within one deadline, and what can be proven when it fails."""

import io
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import requests
import urllib3

from hub.contract import AuthLost, ConnectorError, Context, Refused, Unavailable
from hub.contract.http import check_status, json_of, session, translated

from .documents import hide_numbers

VENDOR = "smsmode"
BASE_URL = "https://rest.smsmode.com"
# A thousand messages come back whole; six bytes a character at worst.
_MOST_BYTES = 32 << 20

_Answer = TypeVar("_Answer")


class Parcel:
    """A request's body that knows whether it was ever asked for.

    urllib3 asks for the body only once the connection stands and the headers are gone, so a
    body that was never asked for is the proof that nothing was sent. A withdrawn one never goes.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._lock = threading.Lock()
        self._withdrawn = False
        self._left = False

    def __len__(self) -> int:
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        with self._lock:
            if self._withdrawn:
                raise ConnectionAbortedError("withdrawn: the deadline has passed")
            self._left = True
        yield self._content

    def withdraw(self) -> bool:
        """Whether it never left; it then never will."""
        with self._lock:
            self._withdrawn = not self._left
            return self._withdrawn


def post(ctx: Context, path: str, parcel: Parcel) -> requests.Response:
    """POST JSON and give the answer, whatever its status.

    Raises Unavailable; its `reached` is False exactly when the body was never asked for.
    """
    try:
        return _within(ctx.deadline, lambda: _call(ctx, "POST", path, parcel=parcel))
    except Unavailable as error:
        raise Unavailable(error.words, reached=not parcel.withdraw()) from error


def get(ctx: Context, path: str, query: Mapping[str, str] | None = None) -> Any:
    """The JSON at an address. Raises the listed errors."""
    response = _within(ctx.deadline, lambda: _call(ctx, "GET", path, query=query))
    if not 200 <= response.status_code < 300:
        raise error_of(response)
    try:
        return json_of(VENDOR, response)
    except RecursionError:
        raise Unavailable("smsmode's answer is nested too deeply to be read.") from None


def error_of(response: requests.Response) -> ConnectorError:
    """The listed error for an answer that is not 2xx, with no phone number in its words."""
    try:
        check_status(VENDOR, response)
    except AuthLost as error:
        return AuthLost(
            "smsmode does not accept the API key for SMS: check that it is a key of an SMS "
            f"channel, or paste a new one. {hide_numbers(error.words)}"
        )
    except ConnectorError as error:
        error.words = hide_numbers(error.words)
        return error
    return Unavailable("smsmode's answer is none of an error's.")


def _within(seconds: float, call: Callable[[], _Answer]) -> _Answer:
    """The call's answer, or Unavailable when the time is up.

    Time limits on sockets bound each step and not their sum, and none bounds a name look-up, so
    the call runs in a thread of its own that is left behind when it is late.
    """
    future: Future[_Answer] = Future()
    threading.Thread(target=_settle, args=(future, call), daemon=True, name="smsmode").start()
    try:
        return future.result(seconds)
    except TimeoutError:
        raise Unavailable("smsmode did not answer in time.") from None


def _settle(future: "Future[_Answer]", call: Callable[[], _Answer]) -> None:
    try:
        future.set_result(call())
    except BaseException as error:  # whatever it is, the waiting thread is the one to raise it
        future.set_exception(error)


def _call(
    ctx: Context,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    parcel: Parcel | None = None,
) -> requests.Response:
    ends = time.monotonic() + ctx.deadline
    headers = {"X-Api-Key": _key(ctx), "Accept": "application/json", "Accept-Encoding": "identity"}
    if parcel is not None:
        headers["Content-Type"] = "application/json"
    limit: Any = urllib3.Timeout(total=ctx.deadline)  # requests takes it; its stubs do not say so
    with translated(VENDOR):
        response = _session(os.getpid()).request(
            method,
            _base(ctx) + path,
            params=query,
            data=parcel,
            headers=headers,
            timeout=limit,
            allow_redirects=False,
            stream=True,
        )
    return _read_whole(response, ends)


def _read_whole(response: requests.Response, ends: float) -> requests.Response:
    pieces, size = [], 0
    try:
        while piece := response.raw.read1(65536, decode_content=True):
            pieces.append(piece)
            size += len(piece)
            if size > _MOST_BYTES or time.monotonic() > ends:
                raise Unavailable("smsmode's answer is too long or too slow to be read.")
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unavailable("smsmode broke its answer off.") from error
    finally:
        response.close()
    response.raw = io.BytesIO(b"".join(pieces))
    return response


@lru_cache(maxsize=2)
def _session(process: int) -> requests.Session:
    """One session a process (a fork must not share sockets), without cookies: one account's must
    never travel with another's key."""
    made = session()
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return made


def _key(ctx: Context) -> str:
    key = ctx.secrets.get("api_key", "").strip()
    if not key or not key.isascii() or not key.isprintable():
        raise AuthLost("The smsmode API key is empty or has characters no key has: paste it again.")
    return key


def _base(ctx: Context) -> str:
    base = (ctx.settings.get("base_url", "").strip() or BASE_URL).rstrip("/")
    if not base.startswith(("https://", "http://")):
        raise Refused("smsmode's address must start with https://: correct it in the settings.")
    return base
