"""Where the operator is, and whether it lets us in: one bind that ends at once, without asyncio,
for the hub's own processes."""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from hub.contract import AuthLost, Context, Refused, Throttled, Unavailable
from hub.contract.outbound import dial

from .wire import pdu, statuses
from .wire.pdu import Pdu

_USUAL_PORT = "2775"
_ALREADY_BOUND = 0x05


@dataclass(frozen=True)
class Operator:
    """The other end of the line; `tls` where it is encrypted."""

    host: str
    port: int
    tls: bool


def operator_of(ctx: Context) -> Operator:
    """From the settings. Raises Refused in words."""
    host, port = ctx.settings.get("host", "").strip(), ctx.settings.get("port", "").strip()
    number = port or _USUAL_PORT
    if not host or not (number.isascii() and number.isdigit() and 0 < int(number) < 65536):
        raise Refused("The operator's host or port is none: correct it in the settings.")
    return Operator(host, int(number), ctx.settings.get("tls", "") in ("1", "true", "on", "yes"))


def bind_body(settings: Mapping[str, str], secrets: Mapping[str, str]) -> bytes:
    """What lets us in. Raises AuthLost where the operator could only refuse it."""
    system_id, password = (secrets.get(n, "").strip() for n in ("system_id", "password"))
    if not system_id or not password or len(system_id) > 15 or not (system_id + password).isascii():
        raise AuthLost("The system id or the password is empty or too long: correct it.")
    return pdu.bind_body(system_id, password, settings.get("system_type", "").strip()[:12])


def let_in(ctx: Context) -> None:
    """Bind and leave. Raises AuthLost, Throttled, Unavailable; `reached` is False where the
    operator could not be reached."""
    operator, body = operator_of(ctx), bind_body(ctx.settings, ctx.secrets)
    try:
        line = dial(operator.host, operator.port, ctx.deadline)
    except OSError:
        raise Unavailable("The operator could not be reached.", reached=False) from None
    try:
        with _wrapped(line, operator) as peer:
            status = _bind(peer, body)
            peer.sendall(Pdu(pdu.UNBIND, 2).encode())
    except (OSError, pdu.BadPdu):
        raise Unavailable("The operator broke the connection off.") from None
    if status == _ALREADY_BOUND or status == 0:
        return
    if status in statuses.THROTTLED:
        raise Throttled("The operator takes no bind for now.")
    raise AuthLost(
        f"The operator does not let us in ({statuses.code_of(status)}): correct the system id, "
        "the password or the system type, or ask it to allow this host."
    )


def _wrapped(line: socket.socket, operator: Operator) -> socket.socket:
    if not operator.tls:
        return line
    return ssl.create_default_context().wrap_socket(line, server_hostname=operator.host)


def _bind(peer: socket.socket, body: bytes) -> int:
    peer.sendall(Pdu(pdu.BIND_TRANSCEIVER, 1, body=body).encode())
    length, answer = pdu.header_of(_exactly(peer, pdu.HEAD))
    _exactly(peer, length)
    return answer.status


def _exactly(peer: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size:
        piece = peer.recv(size - len(got))
        if not piece:
            raise ConnectionResetError("the operator hung up")
        got += piece
    return got
