"""The bare ceiling of the road: no hub, only what nobody can do without. As processes:

`bare web <port> <workers>` is the hub's own server and a Flask route that checks the HMAC and
commits one row; `bare loop` claims rows in batches, POSTs them to the carrier, and marks them;
`bare tell` does the same with results for a CRM.
"""

import base64
import hashlib
import hmac
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

BATCH = 500
TABLE = """CREATE TABLE IF NOT EXISTS bench_kept (id uuid PRIMARY KEY, name text UNIQUE,
    body bytea NOT NULL, received_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'new');
CREATE INDEX IF NOT EXISTS bench_kept_new ON bench_kept (received_at) WHERE state = 'new';
GRANT ALL ON bench_kept TO relais_road"""
TO_THE_ROAD = "SET ROLE relais_road"  # the owner of the tables sees no merchant's rows
SECRET = "bare"  # noqa: S105 - of a server that lives for a minute on loopback


def serve(port: int, workers: int, database: str) -> None:
    """The bare server, until it is told to stop."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        """The same server as the hub's, with next to nothing on it."""

        def load_config(self) -> None:
            given = {
                "bind": f"127.0.0.1:{port}", "worker_class": "gevent", "workers": workers,
                "worker_connections": 2000, "loglevel": "warning", "control_socket_disable": True,
                "when_ready": lambda server: _ready(),
            }  # fmt: skip
            for name, value in given.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return _site(database)

    Server().run()


def _ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def _site(database: str) -> Any:
    import uuid6
    from flask import Flask, Response, request

    site, pool = Flask("bare"), _Pool(database, 16)

    @site.post("/in")
    def take() -> Response:
        body = request.get_data(cache=False)
        own = hmac.digest(SECRET.encode(), body, hashlib.sha256)
        given = request.headers.get("X-Signature", "")
        if not hmac.compare_digest(base64.b64encode(own).decode(), given):
            return Response("", 401)
        with pool.borrowed() as db:
            db.execute(
                "INSERT INTO bench_kept (id, name, body) VALUES (%s, %s, %s) "
                "ON CONFLICT DO NOTHING",
                (UUID(int=uuid6.uuid7().int), request.headers["X-Order"], body),
            )
        return Response("", 200)

    return site


class _Pool:
    """A few connections, each committing by itself."""

    def __init__(self, url: str, size: int) -> None:
        import queue

        import psycopg

        self._free: Any = queue.LifoQueue()
        for _ in range(size):
            self._free.put(psycopg.connect(url, autocommit=True, prepare_threshold=1))

    @contextmanager
    def borrowed(self) -> Iterator[Any]:
        """One of them."""
        db = self._free.get()
        try:
            yield db
        finally:
            self._free.put(db)


def loop(database: str, vendor: str, work: Callable[[Any, Any, str], int]) -> None:
    """Rows to a vendor, batch by batch, until it is told to stop."""
    import psycopg
    import urllib3

    pool = urllib3.PoolManager()
    with psycopg.connect(database, prepare_threshold=1) as db:
        db.execute(TO_THE_ROAD)
        _ready()
        sys.stdin.readline()  # all loops begin together
        while True:
            done = work(db, pool, vendor)
            db.commit()
            if not done:
                time.sleep(0.005)


def send(db: Any, pool: Any, carrier: str) -> int:
    """Kept orders to the carrier; how many."""
    import orjson

    found = db.execute(
        "SELECT id, body FROM bench_kept WHERE state = 'new' ORDER BY received_at "
        "FOR UPDATE SKIP LOCKED LIMIT %s",
        (BATCH,),
    ).fetchall()
    if found:
        batch = [_message(str(name), orjson.loads(body)) for name, body in found]
        pool.request("POST", f"{carrier}/messages", body=orjson.dumps(batch)).json()
        names = [name for name, _ in found]
        db.execute("UPDATE bench_kept SET state = 'sent' WHERE id = ANY(%s)", (names,))
    return len(found)


def tell(db: Any, pool: Any, crm: str) -> int:
    """Waiting results to the CRM; how many."""
    import orjson

    found = db.execute(
        "SELECT id, marker, outcome FROM write_backs WHERE state = 'new' "
        "ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT %s",
        (BATCH,),
    ).fetchall()
    if found:
        batch = [
            {"marker": marker, "subject": what["subject"], "text": what["sentence"]}
            for _, marker, what in found
        ]
        pool.request("POST", f"{crm}/notes", body=orjson.dumps(batch)).json()
        names = [name for name, _, _ in found]
        db.execute(
            "UPDATE write_backs SET state = 'done', done_at = now() WHERE id = ANY(%s)", (names,)
        )
    return len(found)


def _message(name: str, order: Any) -> dict[str, str]:
    who = order["billing"]
    text = f"Maison Lune: thank you, {who['first_name']}! Order {order['number']} is with us."
    return {"ref": name, "to": who["phone"], "text": text}


if __name__ == "__main__":
    if sys.argv[1] == "web":
        serve(int(sys.argv[2]), int(sys.argv[3]), os.environ["BENCH_DATABASE"])
    else:
        works = {"loop": send, "tell": tell}
        loop(os.environ["BENCH_DATABASE"], os.environ["BENCH_CARRIER"], works[sys.argv[1]])
