"""Bad transport, byte by byte over real sockets, against the web part as `hub web` runs it."""

import base64
import hashlib
import hmac
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from hub.local.corpus.cases import Case, cases
from hub.local.corpus.served import served
from hub.local.corpus.wire import Heard, exchange, written
from hub.store import keys
from hub.store.database import row

MOST_SECONDS, MOST_BYTES = 1.0, 64 * 1024 * 1024
SURFACES = ("4.1", "4.2", "4.6")
ORDER = {"id": 4711, "status": "processing", "billing": {"phone": "+33639980123"}}
REPORT = {"messageId": "m-1", "direction": "MT", "status": {"value": "DELIVERED"}}
EVENT = {"type": "contact.changed", "key": "k-1", "subject": "contact:7",
         "occurred_at": "2026-06-10T12:00:00Z"}  # fmt: skip


@dataclass(frozen=True)
class Door:
    """One surface's address and a genuine request to it."""

    path: str
    body: bytes
    headers: str
    signature: str

    def request(self, case: Case, host: str, number: int) -> bytes:
        """The case's request to this door; its body is a new one each time."""
        made = {"body": case.fields["body"]} if "body" in case.fields else {}
        body = self.body.replace(b"4711", str(9000 + number).encode())
        if made:
            body = Case("", "", "", {"make": made["body"]}).raw
        text = body.decode("latin-1")
        return written(
            case.fields["send"],
            {
                "path": self.path, "host": host, "length": str(len(body)), "body": text,
                "parent": self.path.rpartition("/")[0], "doubled": self.path.replace("/", "//"),
                "cut": text[: len(text) // 2], "half_chunk": f"{len(body):x}\r\n{text[:9]}",
                "chunked": f"{len(body):x}\r\n{text}\r\n", "signature": self.signature,
                **self._heads(body),
            },
        )  # fmt: skip

    def _heads(self, body: bytes) -> dict[str, str]:
        signed = self.headers.replace("{sign}", self.sign(body))
        typed = signed + "Content-Type: application/json\r\n"
        upper = re.sub(r"(?m)^([\w-]+):", lambda m: m[1].upper() + ":", typed)
        return {"untyped": signed, "headers": typed, "HEADERS": upper}

    def sign(self, body: bytes) -> str:
        """Nothing, where nothing is signed."""
        return ""


@dataclass(frozen=True)
class Shop(Door):
    """The shop signs each body."""

    secret: str = ""

    def sign(self, body: bytes) -> str:
        """As the shop's vendor does."""
        made = hmac.new(self.secret.encode(), body, hashlib.sha256).digest()
        return base64.b64encode(made).decode()


@pytest.fixture
def doors(ground, workspace, shop, carrier):
    """The three surfaces that strangers reach."""
    with ground.database.begin() as db:
        rows = {
            slug: row(db, "SELECT * FROM connections WHERE connector = :slug", slug=slug)
            for slug in (shop.slug, carrier.slug)
        }
        key = keys.make(db, workspace, "corpus", keys.SCOPES)
    topic = "X-WC-Webhook-Topic: order.updated\r\nX-WC-Webhook-ID: 1\r\n"
    signed = "X-WC-Webhook-Signature: {sign}\r\n"
    secret = ground.credentials(rows[shop.slug])["webhook_secret"]
    bearer = f"Authorization: Bearer {key}\r\n"
    channel = {"channelId": ground.credentials(rows[carrier.slug])["channel_id"]}
    said = {name: json.dumps(body).encode() for name, body in
            (("4.1", ORDER), ("4.2", REPORT | {"channel": channel}), ("4.6", EVENT))}  # fmt: skip
    at = {slug: f"/hooks/{slug}/{found['hook_token']}" for slug, found in rows.items()}
    return {
        "4.1": Shop(at[shop.slug], said["4.1"], topic + signed, "X-WC-Webhook-Signature: AAAA\r\n",
                    secret=secret),
        "4.2": Door(at[carrier.slug], said["4.2"], "", ""),
        "4.6": Door("/api/v1/events", said["4.6"], bearer + "Idempotency-Key: k-1\r\n", bearer),
    }  # fmt: skip


def _verdict(case: Case, heard: Heard) -> str:
    if case.fields.get("then") == "close":
        return "gone"
    wanted = case.fields.get("answers", 1)
    finals = [s for s in heard.statuses if s >= 200]
    if len(finals) < wanted:
        return f"{len(finals)} answers"
    return str(finals[0]) if wanted == 1 or len(set(finals)) == 1 else str(finals)


def _wrong(case: Case, heard: Heard) -> str:
    verdict = _verdict(case, heard)
    if not case.allows(verdict):
        return f"{case}: {verdict}, not {case.expected}"
    if b'File "' in heard.raw:
        return f"{case}: the answer shows a trace"
    late = heard.seconds > MOST_SECONDS and verdict != "408"
    return f"{case}: {heard.seconds:.1f} s" if late else ""


def _kept(ground) -> int:
    with ground.database.begin() as db:
        return row(db, "SELECT count(*) AS n FROM intakes")["n"]


def test_bad_transport_is_refused_and_good_is_answered_on_the_same_server(
    doors, settings, ground, tmp_path
):
    found = [case for surface in SURFACES for case in cases("H", surface)]
    slow = [case for case in found if "408" in case.expected]
    cut = [case for case in found if case.fields.get("then")]
    quick = [case for case in found if case not in slow and case not in cut]
    with served(replace(settings, read_seconds=1), tmp_path) as web:

        def ask(case, number):
            sent = doors[case.surface].request(case, web.host, number)
            wanted, then = case.fields.get("answers", 1), case.fields.get("then", "")
            return exchange(web.port, sent, answers=wanted, then=then)

        ask(next(c for c in quick if c.id == "H32"), 0)  # code is loaded, connections are made
        before = web.memory()
        wrong = [_wrong(case, ask(case, n)) for n, case in enumerate(quick)]
        with ThreadPoolExecutor(len(slow)) as together:
            waited = together.map(ask, slow, range(len(slow)))
            wrong += [_wrong(case, heard) for case, heard in zip(slow, waited, strict=True)]
        grown = web.memory() - before
        kept = _kept(ground)
        wrong += [_wrong(case, ask(case, n)) for n, case in enumerate(cut)]
        time.sleep(0.3)
        assert _kept(ground) == kept, "A row was kept of a body that was cut off."
        assert not any(wrong), "\n".join(filter(None, wrong))
        assert grown < MOST_BYTES, f"{grown} bytes more"
        assert web.process.poll() is None
    said = web.log.read_text("utf-8", "replace")
    assert "Traceback" not in said, said
