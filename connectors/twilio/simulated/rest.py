"""The simulator's HTTP: Twilio's addresses, its two hosts on one, its sign-in and its errors."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Protocol

from werkzeug.wrappers import Request, Response

from .problems import Problem
from .templates import Templates


class Account(Protocol):
    """What stands behind the addresses."""

    account_sid: str
    auth_token: str
    templates: Templates

    def accept(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Take a valid message and give its resource."""

    def message(self, sid: str) -> dict[str, Any] | None:
        """A message as it stands."""

    def resource(self) -> dict[str, Any]:
        """The account's own resource."""

    def balance_resource(self) -> dict[str, Any]:
        """What is left on it."""


def answer(account: Account, environ: dict[str, Any]) -> Response:
    """Twilio's answer to one request."""
    asked = Request(environ)
    try:
        _authenticate(account, asked)
        status, document = _answered(account, asked)
    except Problem as problem:
        status, document = problem.status, problem.document()
    return Response(json.dumps(document), status, content_type="application/json")


def _authenticate(account: Account, asked: Request) -> None:
    pair = f"{account.account_sid}:{account.auth_token}".encode()
    if asked.headers.get("Authorization") != f"Basic {base64.b64encode(pair).decode()}":
        raise Problem(401, 20003, "Authenticate")


def _answered(account: Account, asked: Request) -> tuple[int, Any]:
    if asked.path == "/v1/Content" and asked.method == "POST":
        return 201, account.templates.create(_document(asked))
    own = f"/2010-04-01/Accounts/{account.account_sid}"
    rest = asked.path.removeprefix(own)
    match asked.method, rest:
        case "POST", "/Messages.json":
            return 201, account.accept(asked.form.to_dict())
        case "GET", ".json":
            return 200, account.resource()
        case "GET", "/Balance.json":
            return 200, account.balance_resource()
        case "GET", _ if rest.startswith("/Messages/"):
            found = account.message(rest.removeprefix("/Messages/").removesuffix(".json"))
            if found is not None:
                return 200, found
    raise Problem(404, 20404, "The requested resource was not found")


def _document(asked: Request) -> Any:
    try:
        return json.loads(asked.get_data())
    except ValueError:
        raise Problem(400, 20001, "The body is not JSON.") from None
