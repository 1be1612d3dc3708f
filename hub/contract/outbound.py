"""The way out: a name is looked up once, every answer is judged, and the connection goes to the
address that was judged, whatever the name says a moment later. Names in TLS stay as they are."""

import io
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address, ip_network
from typing import Any, ParamSpec, TypeVar

import requests
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from hub.contract.addresses import CLOSED, EVERYTHING, Network, is_public, may_be_called
from hub.contract.errors import Unavailable

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
# A thousand messages come back whole; six bytes a character at worst.
MOST_BYTES = 32 << 20
_USUAL = 60.0  # seconds for a whole answer where a call names no limit
_WEB_PORTS = frozenset({80, 443})  # below 1024 live mail, files and shells
# The closed networks that this process may call; the operator's word, said once at its start.
_inward: list[Network] = []
_LOOPBACK = "127.0.0.1"
# The one port of this machine that the calls made here and now lead to; 0 where they go as usual.
_alone: ContextVar[int] = ContextVar("alone", default=0)


def open_inwards(networks: Sequence[Network]) -> None:
    """From here on, calls may lead into these networks too, by plain http if need be. What was
    opened stays open."""
    _inward.extend(network for network in networks if network not in _inward)


def opened_inwards() -> tuple[Network, ...]:
    """The networks that calls may lead into beside the internet."""
    return (ip_network(_LOOPBACK),) if _alone.get() else tuple(_inward)


@contextmanager
def only_to(port: int) -> Iterator[None]:
    """While it lasts, calls of this thread lead to this port of this machine and nowhere else: a
    vendor is played there. With 0 they go as before."""
    before = _alone.set(port or _alone.get())
    try:
        yield
    finally:
        _alone.reset(before)


def to_simulators() -> None:
    """For tests, the kit and the demo, whose vendors live on this machine."""
    open_inwards(EVERYTHING)


def as_here(work: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """The same work for another thread, whose calls lead where they lead from this one."""
    port = _alone.get()

    def there(*given: _Given.args, **more: _Given.kwargs) -> _Made:
        with only_to(port):
            return work(*given, **more)

    return there if port else work


_PLAYED = "In the sandbox a connection leads to its simulator alone."


def judged(host: str, port: int, *, plain: bool = False) -> list[str]:
    """The addresses of a name, all of them judged, for a connection to be made to at once.

    `plain` means without TLS. Raises Unavailable (not reached), and OSError where there is none.
    """
    if alone := _alone.get():
        if (host, port) != (_LOOPBACK, alone):
            raise Unavailable(_PLAYED, reached=False)
        return [_LOOPBACK]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    inside = [not is_public(ip_address(one)) for one in addresses]
    if not all(may_be_called(ip_address(one), _inward) for one in addresses):
        raise Unavailable(CLOSED, reached=False)
    if plain and not all(inside):
        raise Unavailable("Calls go out by https only: correct the address.", reached=False)
    if port < 1024 and port not in _WEB_PORTS and not all(inside):
        raise Unavailable("No web server is at this port: correct the address.", reached=False)
    return addresses


def dial(host: str, port: int, seconds: float) -> socket.socket:
    """A connection of its own to a host that was typed. Raises Unavailable, and OSError."""
    last: OSError | None = None
    for address in judged(host, port):
        try:
            return socket.create_connection((address, port), seconds)
        except OSError as error:
            last = error
    raise last or OSError("The name has no address.")


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _pinned(self, super()._new_conn, plain=True)


class _Sealed(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _pinned(self, super()._new_conn, plain=False)


def _pinned(connection: HTTPConnection, connect: Any, *, plain: bool) -> socket.socket:
    """urllib3's own way to connect, led to each judged address; the name is put back before TLS
    and the Host header are made from it."""
    name: str = connection._dns_host
    try:
        addresses = judged(name, connection.port or 443, plain=plain)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    except OSError as error:
        raise NewConnectionError(connection, "no address") from error
    try:
        for address in addresses[:-1]:
            connection._dns_host = address
            try:
                return connect()  # type: ignore[no-any-return]
            except NewConnectionError:
                continue
        connection._dns_host = addresses[-1]
        return connect()  # type: ignore[no-any-return]
    finally:
        connection._dns_host = name


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _SealedPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Sealed


def pool(**options: Any) -> urllib3.PoolManager:
    """urllib3's pool with judged connections, for packages of vendors that are built on it."""
    made = urllib3.PoolManager(**options)
    made.pool_classes_by_scheme = {"http": _PlainPool, "https": _SealedPool}
    return made


class Adapter(requests.adapters.HTTPAdapter):
    """requests' adapter with judged connections and an end to every answer."""

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        """requests' own pool, its connections judged."""
        super().init_poolmanager(*args, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SealedPool}

    def send(
        self, request: requests.PreparedRequest, stream: bool = False, timeout: Any = None,
        *args: Any, **more: Any,
    ) -> requests.Response:  # fmt: skip
        """As ever; an answer that is not streamed is read here, within its time and size."""
        ends = time.monotonic() + 2 * _seconds(timeout)
        response = super().send(request, True, timeout, *args, **more)
        return response if stream else read_whole(response, ends, "The other side")


def _seconds(timeout: Any) -> float:
    """What a whole answer may take, by the limit for each of its pieces."""
    if isinstance(timeout, urllib3.Timeout):
        timeout = timeout.total
    if isinstance(timeout, tuple):
        timeout = timeout[-1]
    return float(timeout) if isinstance(timeout, int | float) else _USUAL


def read_whole(response: requests.Response, ends: float, vendor: str) -> requests.Response:
    """A streamed answer with its body read, until `ends` on the monotonic clock. Raises Unavailable
    where it is too long, too slow or broken off: what was asked may have been done."""
    try:
        body = b"".join(_pieces(response, ends, vendor))
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unavailable(f"{vendor} broke its answer off.") from error
    finally:
        response.close()
    response.raw = io.BytesIO(body)
    return response


def _pieces(response: requests.Response, ends: float, vendor: str) -> Iterator[bytes]:
    size = 0
    while piece := response.raw.read1(65536, decode_content=True):
        size += len(piece)
        if size > MOST_BYTES or time.monotonic() > ends:
            raise Unavailable(f"{vendor}'s answer is too long or too slow to be read.")
        yield piece
