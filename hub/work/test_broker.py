"""What happens to nudges and workers while the broker is away: on real sockets."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from hub.work.nudges import Nudges, celery_app


class _Refusing(socketserver.TCPServer):
    """Takes calls, counts them, and hangs up."""

    calls = 0

    def process_request(self, request: object, client_address: object) -> None:
        self.calls += 1
        self.shutdown_request(request)  # type: ignore[arg-type]


@pytest.fixture
def refusing() -> Iterator[_Refusing]:
    with _Refusing(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def test_a_nudge_that_finds_no_broker_is_lost_after_one_try(refusing: _Refusing) -> None:
    Nudges(celery_app(f"redis://127.0.0.1:{refusing.server_address[1]}/0"))("open")
    assert refusing.calls == 1


def test_a_worker_looks_for_its_broker_every_second_however_long_it_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda seconds: None)
    pauses: list[float] = []
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"redis://127.0.0.1:{nobody.getsockname()[1]}/0"
        broker = celery_app(url).connection_for_read()
        with pytest.raises(OperationalError):
            broker.ensure_connection(lambda error, pause: pauses.append(pause), 30)
    assert len(pauses) == 30
    assert max(pauses) == 1.0


def test_what_a_worker_had_taken_is_not_put_back_when_it_ends(engines: Any) -> None:
    with celery_app(engines.redis_url).connection_for_read() as connection:
        assert not connection.default_channel.do_restore
