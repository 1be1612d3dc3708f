"""A call that must not be made twice: what its failure proves."""

import contextlib
import socket
import threading

import pytest

from hub.contract.errors import Unavailable
from hub.contract.http_once import Parcel, call_once, own_session, within


@contextlib.contextmanager
def _vendor(say):
    listener = socket.create_server(("127.0.0.1", 0))
    gone = threading.Event()

    def answer():
        with contextlib.suppress(OSError), listener, listener.accept()[0] as peer:
            peer.recv(65536)
            say(peer, gone)

    threading.Thread(target=answer, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    gone.set()
    listener.close()


def _call(url, parcel=None, deadline=5.0):
    return call_once("Acme", "POST", url, deadline=deadline, headers={}, parcel=parcel)


def test_withdrawn_parcel_never_leaves_and_a_sent_one_cannot_be_withdrawn():
    kept, gone = Parcel(b"kept"), Parcel(b"gone")
    assert kept.withdraw()
    with pytest.raises(ConnectionAbortedError):
        list(kept)
    assert list(gone) == [b"gone"]
    assert not gone.withdraw()


def test_whole_answer_is_read_whatever_its_status():
    def refuse(peer, gone):
        peer.sendall(b"HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno")

    with _vendor(refuse) as url:
        answered = _call(url, Parcel(b"{}"))
    assert (answered.status_code, answered.content) == (400, b"no")


def test_no_answer_in_time_may_have_been_done():
    with _vendor(lambda peer, gone: gone.wait(5)) as url, pytest.raises(Unavailable) as told:
        _call(url, Parcel(b"{}"), deadline=0.2)
    assert told.value.reached
    assert told.value.words.startswith("Acme")


def test_answer_that_drips_past_the_deadline_may_have_been_done():
    def drip(peer, gone):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n")
        with contextlib.suppress(OSError):
            while not gone.wait(0.02):
                peer.sendall(b"x")

    with _vendor(drip) as url, pytest.raises(Unavailable) as told:
        _call(url, Parcel(b"{}"), deadline=0.3)
    assert told.value.reached


def test_failed_tls_handshake_is_proof_that_nothing_was_sent():
    def no_tls(peer, gone):
        peer.sendall(b"this is no TLS\r\n")

    with _vendor(no_tls) as url, pytest.raises(Unavailable) as told:
        _call(url.replace("http:", "https:"), Parcel(b"{}"))
    assert not told.value.reached


def test_port_where_nobody_listens_is_proof_without_a_parcel_too():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unavailable) as told:
        _call(f"http://127.0.0.1:{port}/")
    assert not told.value.reached


def test_redirect_is_an_answer_and_is_not_followed():
    def elsewhere(peer, gone):
        peer.sendall(
            b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
        )

    with _vendor(elsewhere) as url:
        assert _call(url, Parcel(b"{}")).status_code == 307


def test_error_of_the_call_itself_is_raised_where_it_was_asked():
    with pytest.raises(KeyError):
        within(5.0, lambda: {}["nothing"], "Acme")


def test_session_is_one_a_vendor():
    assert own_session("Acme") is own_session("Acme")
    assert own_session("Acme") is not own_session("Other")
