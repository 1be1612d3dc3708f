"""The bind: one process that keeps the line to the operator and serves the door on loopback."""

import asyncio
import contextlib
import logging
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from werkzeug.serving import WSGIRequestHandler, make_server

from hub.contract import Context, Refused, Unavailable
from hub.contract.outbound import judged

from .client import ADDRESS
from .desk import Bind
from .door import app
from .line.hearing import Hearing
from .line.joining import Joiner
from .line.ledger import Ledger
from .line.sender import Sender
from .line.session import BindRefused, Session
from .line.session import bind as bind_on
from .line.telling import Postman
from .probe import bind_body, operator_of
from .wire import pdu, statuses

log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
_LOOK = 0.1  # seconds between two looks at whether to stop
_NEAR = ("127.0.0.1", "localhost", "::1")


def bind(ctx: Context, until: threading.Event) -> None:
    """Keep the line until told to stop. Raises AuthLost, Refused where the settings are wrong."""
    operator_of(ctx)
    bind_body(ctx.settings, ctx.secrets)
    asyncio.run(_run(ctx, until))


async def _run(ctx: Context, until: threading.Event) -> None:
    codes = statuses.codes_in(ctx.settings.get("opt_out_codes", ""))
    ledger = Ledger(ctx.settings.get("receipt_ids", "") or "same")
    postman = Postman(ctx.hook_url, ctx.secrets["door_key"].strip())
    hearing = Hearing(ledger, Joiner(time.monotonic), postman, ctx.clock, codes)
    sender = Sender(ledger, codes)
    desk = Bind(ctx, asyncio.get_running_loop(), sender, postman, time.time())
    with _served(desk):
        tasks = [asyncio.create_task(one) for one in (_keep(desk, hearing), _look(hearing))]
        while not until.is_set():
            await asyncio.sleep(_LOOK)
        if sender.session:
            await sender.session.leave()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _look(hearing: Hearing) -> None:
    while True:
        await asyncio.sleep(_LOOK)
        await hearing.tell_overdue()


async def _keep(desk: Bind, hearing: Hearing) -> None:
    """Bind again whenever the line is lost, at once and then ever more slowly."""
    pause = _FIRST_PAUSE
    while True:
        try:
            session = await _open(desk.ctx, hearing)
        except BindRefused as error:
            desk.refused = error.status if error.status in statuses.BAD_CREDENTIALS else 0
            log.warning("smpp.refused", extra={"status": statuses.code_of(error.status)})
        except (
            OSError,
            TimeoutError,
            asyncio.IncompleteReadError,
            pdu.BadPdu,
            Unavailable,
        ) as error:
            log.warning("smpp.not_reached", extra={"why": type(error).__name__})
        else:
            log.info("smpp.bound")
            desk.refused, pause, desk.sender.session = 0, _FIRST_PAUSE, session
            await session.run()
            desk.sender.session = None
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def _open(ctx: Context, hearing: Hearing) -> Session:
    operator, patience = operator_of(ctx), _number(ctx, "patience", 10)
    tls = ssl.create_default_context() if operator.tls else None
    async with asyncio.timeout(patience):
        address = await asyncio.to_thread(judged, operator.host, operator.port)
        reader, writer = await asyncio.open_connection(
            address[0], operator.port, ssl=tls, server_hostname=operator.host if tls else None
        )
    try:
        await bind_on(reader, writer, bind_body(ctx.settings, ctx.secrets), patience)
    except BaseException:
        writer.close()
        raise
    window = asyncio.Semaphore(int(_number(ctx, "window", 10)))
    return Session(reader, writer, hearing.hear, window, patience)


def _number(ctx: Context, name: str, usual: float) -> float:
    try:
        return min(max(float(ctx.settings.get(name, "") or usual), 1.0), 1000.0)
    except ValueError:
        return usual


def _at(ctx: Context) -> tuple[str, int]:
    """Where the door stands: on loopback, since what comes in by it is not encrypted."""
    url = urlsplit(ctx.settings.get("bind_url", "").strip() or ADDRESS)
    if url.hostname not in _NEAR or url.port is None:
        raise Refused("The bind's address must be on this machine, such as http://127.0.0.1:2776.")
    return url.hostname, url.port


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing of each call."""


@contextlib.contextmanager
def _served(desk: Bind) -> Iterator[None]:
    host, port = _at(desk.ctx)
    try:
        server = make_server(host, port, app(desk), threaded=True, request_handler=_Quiet)
    except (OSError, SystemExit):  # werkzeug's own way of saying that the port is taken
        raise Refused(f"Port {port} is taken: another bind runs, or choose another port.") from None
    thread = threading.Thread(target=server.serve_forever, args=(_LOOK,), daemon=True, name="door")
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
