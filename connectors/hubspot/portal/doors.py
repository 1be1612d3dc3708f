"""The account's HTTP: who may call, what is counted, and which endpoint answers."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract.kit.sign_in import SignIn

from .. import paths
from ..documents import rows
from .app import App
from .app_doors import answer as app_door
from .errors import Problem, forbidden, invalid, missing, not_signed_in
from .limits import Limits
from .memory import Memory
from .objects import Objects, label_of
from .schema import LABELS, READ_SCOPES, WRITE_SCOPE
from .workflows import Workflows

Row = dict[str, Any]
Answer = tuple[int, Row]
_PHRASES = {200: "OK", 201: "Created", 204: "No Content", 207: "Multi-Status"}


@dataclass
class Doors:
    """All endpoints; `token` is a pasted one that never runs out."""

    memory: Memory
    objects: Objects
    app: App
    workflows: Workflows
    sign_in: SignIn
    token: str
    scopes: tuple[str, ...]
    limits: Limits = field(default_factory=Limits)
    forbidden: set[str] = field(default_factory=set)
    calls: int = 0

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        path, method = paths.usual(environ.get("PATH_INFO", "")), environ["REQUEST_METHOD"]
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        if path == "/oauth/authorize":
            status, page = self.sign_in.page(query)
            return _send(start_response, status, page.encode(), "text/html")
        headers: Mapping[str, str] = {}
        try:
            if path.startswith("/oauth/"):
                status, found = self._oauth(method, path, raw)
            else:
                status, found = self._api(method, path, raw, query, environ)
                headers = {} if path.endswith("/search") else self.limits.headers()
        except Problem as problem:
            status, found, headers = problem.status, problem.document, problem.headers
        body = b"" if status == 204 else json.dumps(found, separators=(",", ":")).encode()
        return _send(start_response, status, body, "application/json;charset=utf-8", headers)

    def _oauth(self, method: str, path: str, raw: bytes) -> Answer:
        form = dict(parse_qsl(raw.decode("utf-8", "replace")))
        if path == "/oauth/v1/token":
            return self.sign_in.token(form)
        if path == "/oauth/v3/revoke":
            return (200, {}) if self.sign_in.forget(form.get("token", "")) else (404, {})
        token = path.removeprefix("/oauth/v1/access-tokens/")
        if method != "GET" or not self.sign_in.accepts(token):
            raise Problem(404, "OBJECT_NOT_FOUND", "Token not found.")
        return 200, {
            "token": token,
            "hub_id": self.app.portal,
            "hub_domain": "lune.example.com",
            "user": "zoe@example.com",
            "user_id": 7,
            "app_id": self.app.id,
            "scopes": [s for s in self.scopes if s not in self.forbidden],
            "expires_in": 1800,
            "token_type": "access",
        }

    def _api(
        self, method: str, path: str, raw: bytes, query: Mapping[str, str], environ: WSGIEnvironment
    ) -> Answer:
        self.calls += 1
        owner = re.fullmatch(r"/(webhooks/v3|automation/v4/actions)/(\d+)(/.*)?", path)
        if owner:
            if query.get("hapikey") != self.app.developer_key or owner[2] != str(self.app.id):
                raise not_signed_in(expired=False)
            with self.memory.lock:
                return app_door(self.app, method, owner[1], owner[3] or "", _body(raw))
        self._check_token(environ.get("HTTP_AUTHORIZATION", ""))
        self.limits.count(self.memory.now(), path.endswith("/search"))
        for pattern, verb, door in _ROUTES:
            found = pattern.fullmatch(path)
            if found and verb == method:
                return door(self, found.groups(), _body(raw))
        raise missing()

    def _check_token(self, authorization: str) -> None:
        token = authorization.removeprefix("Bearer ")
        if token != self.token and not self.sign_in.accepts(token):
            raise not_signed_in(expired=token.startswith("at-"))

    def need(self, scope: str) -> None:
        """Raises Problem where a scope was not granted."""
        if scope in self.forbidden:
            raise forbidden(scope)

    def details(self, _: tuple[str, ...], __: Row) -> Answer:
        """The account."""
        return 200, {
            "portalId": self.app.portal,
            "accountType": "STANDARD",
            "timeZone": "Europe/Paris",
            "companyCurrency": "EUR",
            "additionalCurrencies": [],
            "utcOffset": "+02:00",
            "utcOffsetMilliseconds": 7200000,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "eu1",
        }

    def batch(self, parts: tuple[str, ...], body: Row) -> Answer:
        """/crm/v3/objects/<kind>/batch/<verb> and /search."""
        kind, verb = parts
        self.need(READ_SCOPES.get(kind, "crm.objects.custom.read"))
        if verb in ("batch/create", "batch/update"):
            self.need(WRITE_SCOPE)
        if kind not in self.memory.records:
            raise missing(f"Unable to infer object type from: {kind}")
        doors: Mapping[str, Callable[[str, Row], Answer]] = {
            "batch/read": self.objects.read,
            "batch/create": self.objects.create,
            "batch/update": self.objects.update,
            "search": self.objects.search,
        }
        return doors[verb](kind, body)

    def associations(self, parts: tuple[str, ...], body: Row) -> Answer:
        """/crm/v4/associations/<kind>/<to>/batch/read."""
        self.need(READ_SCOPES.get(parts[0], "crm.objects.custom.read"))
        return self.objects.associated(parts[0], parts[1], body)

    def labels(self, parts: tuple[str, ...], _: Row) -> Answer:
        """/crm/v4/associations/<kind>/<to>/labels."""
        if parts not in LABELS:
            return 200, {"results": []}
        made = {"category": "USER_DEFINED", "typeId": 3, "label": "Gift for"}
        plain = {"category": "HUBSPOT_DEFINED", "typeId": label_of(*parts), "label": None}
        return 200, {"results": [made, plain]}

    def list_properties(self, _: tuple[str, ...], __: Row) -> Answer:
        """The contacts' properties."""
        self.need("crm.schemas.contacts.read")
        with self.memory.lock:
            return 200, {"results": list(self.memory.properties.values())}

    def add_group(self, _: tuple[str, ...], body: Row) -> Answer:
        """A property group."""
        self.need("crm.schemas.contacts.write")
        if body.get("name") in self.memory.groups:
            raise Problem(409, "OBJECT_ALREADY_EXISTS", "The group exists already.")
        row = {"archived": False, "displayOrder": -1, **body}
        self.memory.groups[str(body["name"])] = row
        return 201, row

    def add_properties(self, _: tuple[str, ...], body: Row) -> Answer:
        """Properties, all or none."""
        self.need("crm.schemas.contacts.write")
        made = rows(body.get("inputs"))
        for row in made:
            if row.get("groupName") not in self.memory.groups:
                raise invalid("The property group does not exist.")
            if row.get("type") == "bool" and len(rows(row.get("options"))) != 2:
                raise invalid("A bool property has two options.")
            if row.get("name") in self.memory.properties:
                raise Problem(409, "OBJECT_ALREADY_EXISTS", "A property exists already.")
        with self.memory.lock:
            for row in made:
                self.memory.properties[row["name"]] = {"options": [], "description": "", **row}
            kept = [self.memory.properties[row["name"]] for row in made]
        return self.objects.answer(201, kept, [])

    def complete(self, _: tuple[str, ...], body: Row) -> Answer:
        """Waiting steps are answered."""
        self.need("automation")
        inputs = rows(body.get("inputs"))
        if not inputs or len(inputs) > 100:
            raise invalid("A batch holds 1 to 100 inputs.")
        with self.memory.lock:
            self.workflows.complete(inputs)
        return 204, {}

    def complete_one(self, parts: tuple[str, ...], body: Row) -> Answer:
        """One waiting step is answered."""
        self.need("automation")
        with self.memory.lock:
            self.workflows.complete([{**body, "callbackId": parts[0]}])
        return 204, {}


_OBJECTS = r"/crm/v3/objects/(\w+)/(batch/read|batch/create|batch/update|search)"
_ASSOCIATIONS = r"/crm/v4/associations/(\w+)/(\w+)"
_CALLBACKS = r"/automation/v4/actions/callbacks"
_Door = Callable[[Doors, tuple[str, ...], Row], Answer]
_ROUTES: tuple[tuple[re.Pattern[str], str, _Door], ...] = (
    (re.compile(r"/account-info/v3/details"), "GET", Doors.details),
    (re.compile(_OBJECTS), "POST", Doors.batch),
    (re.compile(_ASSOCIATIONS + r"/batch/read"), "POST", Doors.associations),
    (re.compile(_ASSOCIATIONS + r"/labels"), "GET", Doors.labels),
    (re.compile(r"/crm/v3/properties/contacts"), "GET", Doors.list_properties),
    (re.compile(r"/crm/v3/properties/contacts/groups"), "POST", Doors.add_group),
    (re.compile(r"/crm/v3/properties/contacts/batch/create"), "POST", Doors.add_properties),
    (re.compile(_CALLBACKS + r"/complete"), "POST", Doors.complete),
    (re.compile(_CALLBACKS + r"/([\w-]+)/complete"), "POST", Doors.complete_one),
)


def _body(raw: bytes) -> Row:
    try:
        found = json.loads(raw) if raw.strip() else {}
    except ValueError:
        raise invalid("Invalid input JSON") from None
    if not isinstance(found, dict):
        raise invalid("Invalid input JSON")
    return found


def _send(
    start_response: StartResponse,
    status: int,
    body: bytes,
    kind: str,
    more: Mapping[str, str] | None = None,
) -> Iterable[bytes]:
    headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    start_response(f"{status} {_PHRASES.get(status, 'Error')}", [*headers, *(more or {}).items()])
    return [body]
