"""A toy vendor that has what the real ones have: sign-in by OAuth 2, one address for all accounts
of an app, thin deliveries, workflows that wait. The spine is tested with it."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests

from hub.connections import install
from hub.contract import (
    Account,
    Action,
    Callback,
    Connector,
    Event,
    Field,
    Ignored,
    OAuth2,
    Page,
    Person,
    Poll,
    Question,
    Rejected,
    Request,
    Response,
    Target,
    Webhook,
    Written,
    utc_now,
)
from hub.contract.http import check_status, json_of, session, translated
from hub.contract.kit.sign_in import SignIn
from hub.contract.kit.simulator import Faults, serve
from hub.local.consenting import agree
from hub.store import automations, connections, templates

_http = session()


@dataclass
class Vendor:
    """The toy vendor's side: accounts' contacts, what was asked, what was told."""

    clock: Any = utc_now
    faults: Faults = field(default_factory=Faults)
    account: str = "acc-1"
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)
    completed: list[dict[str, Any]] = field(default_factory=list)
    reads: int = 0
    sign_in: SignIn = field(init=False)

    def __post_init__(self):
        self.sign_in = SignIn(clock=self.clock, rotates=True)

    def wsgi(self, environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body, path = environ["wsgi.input"].read(length), environ["PATH_INFO"]
        query = dict(parse_qsl(environ["QUERY_STRING"]))
        status, found = self._answer(path, query, body, environ.get("HTTP_AUTHORIZATION", ""))
        kind = "text/html" if isinstance(found, str) else "application/json"
        sent = found.encode() if isinstance(found, str) else json.dumps(found).encode()
        heads = [("Content-Type", kind), ("Content-Length", str(len(sent)))]
        start_response(f"{status} Toy", heads)
        return [sent]

    def _answer(self, path, query, body, bearer):
        if path == "/authorize":
            return self.sign_in.page(query)
        if path == "/token":
            return self.sign_in.token(dict(parse_qsl(body.decode())))
        if path == "/revoke":
            self.sign_in.forget(dict(parse_qsl(body.decode())).get("token", ""))
            return 200, {}
        if not self.sign_in.accepts(bearer.removeprefix("Bearer ")):
            return 401, {"message": "token expired"}
        if path == "/account":
            return 200, {"id": self.account}
        asked = json.loads(body)
        if path == "/contacts":
            self.reads += 1
            return 200, {i: self.contacts[i] for i in asked if i in self.contacts}
        (self.notes if path == "/notes" else self.completed).extend(asked)
        return 200, {}

    def delivery(self, *events, secret=None):
        """A signed delivery of (account, contact id, version) triples."""
        body = json.dumps([{"account": a, "id": i, "v": v} for a, i, v in events]).encode()
        signed = _sign(body, secret or self.sign_in.client_secret)
        return {"data": body, "headers": {"X-Sign": signed}}


def _sign(body, secret):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _verify(request: Request, secrets: Mapping[str, str]) -> None:
    wanted = _sign(request.body, secrets.get("client_secret", ""))
    if not hmac.compare_digest(wanted, request.header("x-sign")):
        raise Rejected("not signed")


def _call(ctx, path, document=None):
    with translated("Toy"):
        answer = _http.request(
            "GET" if document is None else "POST",
            ctx.settings["url"] + path,
            data=None if document is None else json.dumps(document),
            headers={"Authorization": f"Bearer {ctx.secrets['access_token']}"},
            timeout=ctx.deadline,
        )
    check_status("Toy", answer)
    return json_of("Toy", answer)


def _parse(request, settings):
    mine = [e for e in json.loads(request.body) if e["account"] == settings["account"]]
    if not mine:
        return Ignored("another account's")
    at = request.header("x-relais-received-at")
    return [
        Event(
            "contact.changed",
            f"contact:{e['id']}:{e['v']}",
            f"contact:{e['id']}",
            datetime.fromisoformat(at),
        )
        for e in mine
    ]


def _enrich(ctx, events):
    thin = [e.subject.partition(":")[2] for e in events if not e.person.phone]
    found = _call(ctx, "/contacts", thin) if thin else {}
    return [
        event if event.person.phone else _whole(event, found.get(event.subject.partition(":")[2]))
        for event in events
    ]


def _whole(event, contact):
    if contact is None:
        return Ignored("It is gone.")
    who = Person(phone=contact["phone"], first_name=contact["name"], record=event.subject)
    return Event(event.type, event.key, event.subject, event.occurred_at, who)


def _requests(request, settings):
    document = json.loads(request.body)
    at = datetime.fromisoformat(request.header("x-relais-received-at"))
    return [
        Event(
            "workflow.requested",
            f"workflow:{r['callback']}",
            f"contact:{r['contact']}",
            at,
            Person(phone=r["phone"], first_name="Zoé", record=f"contact:{r['contact']}"),
            {"template": r["template"]},
            callback=Callback(
                r["callback"], r.get("wait_for", "delivered"), timedelta(hours=r.get("hours", 24))
            ),
        )
        for r in document["requests"]
    ]


def _write(ctx, outcomes):
    _call(ctx, "/notes", [[o.subject, o.kind, o.marker, o.again] for o in outcomes])
    return [Written(f"note:{o.marker}") for o in outcomes]


def _complete(ctx, progress):
    _call(ctx, "/complete", [[p.reference, p.state, p.reason, p.reply] for p in progress])
    return [Written(p.reference) for p in progress]


def _accounts(request):
    document = json.loads(request.body)
    if isinstance(document, dict):
        return [document["account"]]
    return sorted({e["account"] for e in document})


def _templates(request, known):
    progress = known.progress(request.query.get("ask", "").split(","))
    told = {"templates": list(known.templates), "progress": [p.state for p in progress]}
    return Response(200, json.dumps(told).encode(), "application/json")


TOY = Connector(
    title="Toy",
    auth=OAuth2(
        authorize_url=lambda s: s["url"] + "/authorize",
        token_url=lambda s: s["url"] + "/token",
        revoke_url=lambda s: s["url"] + "/revoke",
        scopes=("read", "write"),
    ),
    check=lambda ctx: Account(f"Toy {_call(ctx, '/account')['id']}", _call(ctx, "/account")["id"]),
    settings=(Field("url", "Address", "url", required=True),),
    emits=("contact.changed",),
    webhook=Webhook(
        verify=_verify,
        parse=_parse,
        dedupe=lambda r: hashlib.sha256(r.body).hexdigest(),
        accounts_of=_accounts,
    ),
    poll=Poll(lambda ctx, cursor: Page((), _call(ctx, "/account")["id"]), timedelta(minutes=5)),
    enrich=_enrich,
    target=Target(_write, ("contact",), batch_size=100),
    actions={
        "send": Action(
            verify=_verify,
            parse=_requests,
            dedupe=lambda r: hashlib.sha256(r.body).hexdigest(),
            answer=lambda r: Response(200, b'{"state":"BLOCK"}', "application/json"),
            complete=_complete,
            accounts_of=_accounts,
        )
    },
    questions={"templates": Question(_verify, _templates, _accounts)},
    leaves="Notes stay.",
)


@dataclass
class Toy:
    """A toy vendor on a socket and its connections in the hub."""

    vendor: Vendor
    url: str
    ground: Any
    workspace: Any

    def start(self, workspace=None, **more):
        """Begin an installation; where the browser goes."""
        secrets = {"client_id": self.vendor.sign_in.client_id}
        secrets["client_secret"] = self.vendor.sign_in.client_secret
        given = {"settings": {"url": self.url}, "secrets": secrets, **more}
        return install.start(self.ground, workspace or self.workspace, "toy", **given)

    def connect(self, workspace=None):
        """Install it whole; the connection's row."""
        started = self.start(workspace)
        agree(started.consent_url)
        install.finish(self.ground, started.connection_id)
        return self.row(started.connection_id)

    def row(self, connection_id):
        """The connection as it stands."""
        with self.ground.database.begin() as db:
            return connections.by_ids(db, [connection_id])[connection_id]

    def post(self, row, delivery, name=""):
        """The vendor delivers; the hub's answer."""
        address = self.ground.hook_url(row) + (f"/{name}" if name else "")
        return requests.post(**{**delivery, "url": address}, timeout=10)

    def ask(self, row, document, name="send", query=""):
        """The vendor's workflow calls the hub."""
        body = json.dumps({"account": row["account"], **document}).encode()
        signed = {"X-Sign": _sign(body, self.vendor.sign_in.client_secret)}
        address = f"{self.ground.hook_url(row)}/{name}{query}"
        return requests.post(address, data=body, headers=signed, timeout=10)


@pytest.fixture
def toy(ground, workspace, road, clock):
    vendor = Vendor(clock)
    ground.connectors["toy"] = TOY
    with serve(vendor) as served:
        yield Toy(vendor, served.url, ground, workspace)


@pytest.fixture
def automate(ground, workspace):
    """`automate(event, text)`: from now on each such event sends this text, transactional."""

    def plan(event, text="Bonjour {{ first_name }}", conditions=(), kind="transactional", **more):
        slug = event.replace(".", "-").replace("_", "-")
        document = {
            "name": slug,
            "trigger": {"event": event},
            "conditions": list(conditions),
            "send": {"template": slug, "kind": kind},
            **more,
        }
        with ground.database.begin() as db:
            texts = dict.fromkeys(("en", "fr", "es", "it", "de"), text)
            templates.save(db, workspace, slug, kind=kind, title=slug, texts=texts, defaults={})
            automations.save(db, workspace, slug, document, "live", ground.clock())

    return plan
