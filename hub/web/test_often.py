"""How often a caller may come, with Redis and without."""

import contextlib
import socket
import socketserver
import threading
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask

from hub.store import links
from hub.store.database import new_id
from hub.web import api, hooks
from hub.web import links as door_of_links
from hub.web.often import Turnstile
from hub.work.nudges import Bell

STRANGER, OTHER = "2.3.4.5", "2.3.4.6"


class Line(socketserver.ThreadingTCPServer):
    """A wire to Redis that can be cut, or go silent."""

    daemon_threads = allow_reuse_address = True
    silent = False

    def __init__(self, there):
        self.there, self.open = there, []
        super().__init__(("127.0.0.1", 0), self.carry)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def carry(self, near, _address, _server):
        far = socket.create_connection(self.there)
        self.open += [near, far]
        back = threading.Thread(target=self.pump, args=(far, near), daemon=True)
        back.start()
        self.pump(near, far)

    def pump(self, one, other):
        with contextlib.suppress(OSError):
            while got := one.recv(65536):
                if not self.silent:
                    other.sendall(got)

    def cut(self):
        self.shutdown()
        self.server_close()
        for end in self.open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
                end.close()


@pytest.fixture
def line(settings):
    parts = urlsplit(settings.redis_url)
    made = Line((parts.hostname, parts.port))
    made.url = parts._replace(
        netloc=f":{parts.password}@127.0.0.1:{made.server_address[1]}"
    ).geturl()
    yield made
    made.cut()


@pytest.fixture
def named():
    return new_id().hex


def test_all_processes_count_together(settings, named):
    one, other = Turnstile(named, settings.redis_url), Turnstile(named, settings.redis_url)
    assert [t.wait("caller", 3) for t in (one, other, one)] == [0, 0, 0]
    assert 0 < other.wait("caller", 3) <= 60
    assert other.wait("another", 3) == 0


def test_without_a_limit_nobody_is_counted():
    assert not any(Turnstile("t", "redis://127.0.0.1:9/0").wait("caller", 0) for _ in range(9))


@pytest.mark.parametrize("how", ["cut", "silent"])
def test_a_redis_that_goes_away_is_counted_without(line, named, how):
    moment = [0.0]
    turnstile = Turnstile(named, line.url, lambda: moment[0])
    assert [turnstile.wait("caller", 2) for _ in range(2)] == [0, 0]
    if how == "cut":
        line.cut()
    line.silent = True
    assert [bool(turnstile.wait("caller", 2)) for _ in range(3)] == [False, False, True]


def test_a_redis_that_is_back_is_asked_again(line, named):
    moment = [0.0]
    turnstile = Turnstile(named, line.url, lambda: moment[0])
    line.silent = True
    assert turnstile.wait("caller", 1) == 0
    line.silent, moment[0] = False, 6.0
    assert turnstile.wait("caller", 1) == 0
    assert turnstile.wait("caller", 1) > 0


@pytest.fixture
def client_of(ground, nudge):
    """`client_of(redis_url, **limits)`: a client of the API, the links and the hooks."""

    def make(**changes):
        app = Flask("often")
        near = replace(ground, settings=replace(ground.settings, **changes))
        app.register_blueprint(api.door(near, lambda arrow: None))
        app.register_blueprint(door_of_links.door(near, Bell(nudge)))
        app.register_blueprint(hooks.door(near, Bell(nudge)))
        return app.test_client()

    return make


def asked(client, at, times, address, **headers):
    seen = [client.get(at, headers=headers, environ_base={"REMOTE_ADDR": address})
            for _ in range(times)]  # fmt: skip
    return seen[-1], [answer.status_code for answer in seen]


@pytest.mark.parametrize("redis_url", ["", "redis://127.0.0.1:9/0"])
def test_an_address_without_a_key_cannot_try_for_ever(client_of, redis_url):
    client = client_of(api_per_address=3, **({"redis_url": redis_url} if redis_url else {}))
    address = f"2a01:cb00:{new_id().int % 65536:x}:{new_id().int % 9999}::7"
    last, codes = asked(client, "/api/v1/workspace", 4, address)
    assert codes == [401, 401, 401, 429]
    assert last.content_type == "application/problem+json"
    assert last.json["type"] == "/problems/too-often"
    assert 0 < int(last.headers["Retry-After"]) <= 60
    assert "Wait" in last.json["detail"]


def test_a_key_has_its_own_turns_and_nobody_else_can_use_them_up(client_of, ground, workspace):
    from hub.store import keys

    with ground.database.begin() as db:
        first, second = (keys.make(db, workspace, "k", ["read"]) for _ in range(2))
    client = client_of(api_per_key=2)
    guess = first.rpartition("_")[0] + "_guessed"
    codes = [asked(client, "/api/v1/workspace", n, OTHER, Authorization=f"Bearer {k}")[1]
             for k, n in ((guess, 3), (first, 3), (second, 2))]  # fmt: skip
    assert codes == [[401, 401, 429], [200, 200, 429], [200, 200]]


def test_links_are_opened_only_so_often_from_one_network(client_of, settings):
    client = client_of(links_per_address=2, redis_url="redis://127.0.0.1:9/0")
    at = f"/l/{links.new_token()}"
    last, codes = asked(client, at, 3, STRANGER)
    assert codes == [404, 404, 429]
    assert 0 < int(last.headers["Retry-After"]) <= 60
    assert last.headers["Cache-Control"] == "no-store"
    assert asked(client, at, 3, "127.0.0.1")[1] == [404] * 3  # a proxy that tells nothing


def test_vendors_deliveries_are_never_counted(client_of):
    client = client_of(links_per_address=1, api_per_address=1, api_per_key=1)
    assert set(asked(client, "/hooks/nobody/none", 8, STRANGER)[1]) == {404}
