"""One call within one deadline: what a late, lost or impossible answer proves."""

import json
import socket
import threading

import pytest

from hub.contract import Accepted, AuthLost, Context, Unavailable, Unknown
from hub.contract.http_once import Parcel

from .sending import send
from .simulated.parties import Stub


def _dripping(pieces: list[bytes], gone: threading.Event) -> int:
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with listener, listener.accept()[0] as peer:
            peer.recv(65536)
            for piece in pieces:
                if gone.wait(0.05):
                    return
                peer.sendall(piece)

    threading.Thread(target=drip, daemon=True).start()
    return listener.getsockname()[1]


@pytest.mark.parametrize("where", ["headers", "body"])
def test_answer_that_drips_past_the_deadline_is_unknown(simulator, where):
    message = simulator.outgoing(1)[0]
    body = json.dumps([{"message": {"messageId": "x", "refClient": message.reference}}]).encode()
    head = b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n" % len(body)
    slow, at_once = (head, b"\r\n" + body) if where == "headers" else (body, head + b"\r\n")
    drops = [slow[i : i + 1] for i in range(len(slow))]
    gone = threading.Event()
    pieces = [*drops, at_once] if where == "headers" else [at_once, *drops]
    ctx = Context(
        {"base_url": f"http://127.0.0.1:{_dripping(pieces, gone)}"}, {"api_key": "k"}, deadline=0.3
    )
    results = send(ctx, [message])
    gone.set()
    assert [type(r) for r in results] == [Unknown]


def test_peer_that_hangs_up_after_the_request_leaves_it_unknown(simulator):
    ctx = Context(
        {"base_url": f"http://127.0.0.1:{_dripping([], threading.Event())}"}, {"api_key": "k"}
    )
    assert [type(r) for r in send(ctx, simulator.outgoing(1))] == [Unknown]


def test_failed_tls_handshake_is_proof_that_nothing_was_sent(simulator):
    port = _dripping([b"this is no TLS\r\n"], threading.Event())
    ctx = Context({"base_url": f"https://127.0.0.1:{port}"}, {"api_key": "k"}, deadline=3.0)
    with pytest.raises(Unavailable) as told:
        send(ctx, simulator.outgoing(1))
    assert not told.value.reached


def test_withdrawn_parcel_never_leaves_and_a_sent_one_cannot_be_withdrawn():
    kept, gone = Parcel(b"kept"), Parcel(b"gone")
    assert kept.withdraw()
    with pytest.raises(ConnectionAbortedError):
        list(kept)
    assert list(gone) == [b"gone"]
    assert not gone.withdraw()


def test_connection_that_smsmode_closed_meanwhile_is_opened_anew(simulator):
    listener, closed = socket.create_server(("127.0.0.1", 0)), threading.Semaphore(0)
    body = b'[{"message": {"messageId": "m-1"}}]'

    def answer_one_a_connection() -> None:
        for _ in range(2):
            with listener.accept()[0] as peer, peer.makefile("rb") as said:
                head = b"".join(iter(said.readline, b"\r\n")).lower()
                said.read(int(head.partition(b"content-length:")[2].split()[0]))
                peer.sendall(b"HTTP/1.1 201 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            closed.release()

    threading.Thread(target=answer_one_a_connection, daemon=True).start()
    ctx = Context({"base_url": f"http://127.0.0.1:{listener.getsockname()[1]}"}, {"api_key": "k"})
    with listener:
        for message in simulator.outgoing(2):
            assert send(ctx, [message]) == [Accepted("m-1")]
            assert closed.acquire(timeout=5)


@pytest.mark.parametrize("key", ["", "  ", "clé", "a\nb"])
def test_key_that_can_be_none_is_never_sent(connect, simulator, key):
    stub = Stub()
    with pytest.raises(AuthLost):
        send(connect(stub, secrets={"api_key": key}), simulator.outgoing(1))
    assert stub.asked == []


def test_cookies_of_one_account_never_travel_with_another_key(connect, simulator):
    stub = Stub("201 Created", [], [("Set-Cookie", "session=one; Path=/")])
    ctx = connect(stub)
    send(ctx, simulator.outgoing(1))
    send(ctx, simulator.outgoing(1))
    assert [asked.get("HTTP_COOKIE") for asked in stub.asked] == [None, None]
