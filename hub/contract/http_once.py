"""One HTTP call that must not be made twice: within one deadline, and what can be proven when it
fails. For carriers, whose calls cost money and ring a phone."""

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

from hub import crash
from hub.contract.errors import Unavailable
from hub.contract.http import session, translated
from hub.contract.outbound import as_here, read_whole

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
        crash.at("C15")
        yield self._content
        crash.at("C16")

    def withdraw(self) -> bool:
        """Whether it never left; it then never will."""
        with self._lock:
            self._withdrawn = not self._left
            return self._withdrawn


def call_once(
    vendor: str,
    method: str,
    url: str,
    *,
    deadline: float,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    parcel: Parcel | None = None,
) -> requests.Response:
    """The whole answer, whatever its status, within `deadline` seconds; no redirect is followed.

    Raises Unavailable. With a parcel its `reached` is False exactly when the body was never asked
    for, and the body then never goes; without one it is as `http.translated` can tell. `headers`
    name the parcel's content type.
    """

    def call() -> requests.Response:
        return _call(vendor, method, url, deadline, headers, query, parcel)

    try:
        return within(deadline, call, vendor)
    except Unavailable as error:
        if parcel is None:
            raise
        raise Unavailable(error.words, reached=not parcel.withdraw()) from error


def within(seconds: float, call: Callable[[], _Answer], vendor: str = "The vendor") -> _Answer:
    """The call's answer, or Unavailable when the time is up.

    Time limits on sockets bound each step and not their sum, and none bounds a name look-up, so
    the call runs in a thread of its own that is left behind when it is late.
    """
    future: Future[_Answer] = Future()
    threading.Thread(
        target=_settle, args=(future, as_here(call)), daemon=True, name="call-once"
    ).start()
    try:
        return future.result(seconds)
    except TimeoutError:
        raise Unavailable(f"{vendor} did not answer in time.") from None


def own_session(vendor: str) -> requests.Session:
    """The vendor's session of this process, without cookies: one account's must never travel with
    another's key. A fork must not share sockets, so a child gets its own."""
    return _session(vendor, os.getpid())


@lru_cache(maxsize=32)
def _session(vendor: str, process: int) -> requests.Session:
    made = session()
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return made


def _call(
    vendor: str,
    method: str,
    url: str,
    deadline: float,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None,
    parcel: Parcel | None,
) -> requests.Response:
    ends = time.monotonic() + deadline
    limit: Any = urllib3.Timeout(total=deadline)  # requests takes it; its stubs do not say so
    crash.at("C14")
    with translated(vendor):
        response = own_session(vendor).request(
            method,
            url,
            params=query,
            data=parcel,
            headers={"Accept-Encoding": "identity", **headers},
            timeout=limit,
            allow_redirects=False,
            stream=True,
        )
    crash.at("C17")
    return read_whole(response, ends, vendor)


def _settle(future: "Future[_Answer]", call: Callable[[], _Answer]) -> None:
    try:
        future.set_result(call())
    except BaseException as error:  # whatever it is, the waiting thread is the one to raise it
        future.set_exception(error)
