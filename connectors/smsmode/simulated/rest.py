"""The simulator's HTTP: smsmode's addresses, its key, its lists and its errors."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from uuid6 import uuid7
from werkzeug.wrappers import Request, Response

from .ledger import Ledger
from .problems import Problem
from .resources import page_of
from .rules import validate

_MOST = 1000
_COMMONS = "/commons/v1/organisations"


class Account(Protocol):
    """What stands behind the addresses."""

    api_key: str
    rcs_key: str
    ledger: Ledger

    def accept(self, wanted: Mapping[str, Any], kind: str = "SMS") -> dict[str, Any]:
        """Take a valid message and give its resource."""

    def find(self, message_id: str, kind: str = "") -> dict[str, Any] | None:
        """A message by its id."""

    def search(
        self, reference: str, to: str, direction: str, kind: str = ""
    ) -> list[dict[str, Any]]:
        """Messages by what is asked of them, newest first."""

    def organisation(self) -> dict[str, Any]:
        """The account's own resource."""


_Verb = Callable[[Account, Request], tuple[int, Any]]


def answer(account: Account, environ: dict[str, Any]) -> Response:
    """smsmode's answer to one request."""
    asked = Request(environ)
    try:
        _authenticate(account, asked)
        status, document = _route(asked)(account, asked)
    except Problem as problem:
        status, document = problem.status, problem.document()
    body = b"" if status == 204 else json.dumps(document).encode()
    return Response(body, status, content_type="application/json")


def _authenticate(account: Account, asked: Request) -> None:
    key = asked.headers.get("X-Api-Key", "")
    if key not in (account.api_key, account.rcs_key):
        raise Problem(401, "401.001", "Unauthorized", "The API key is missing or not valid.")
    own = "RCS" if key == account.rcs_key else "SMS"
    if asked.path != _COMMONS and _kind(asked) != own:
        raise Problem(403, "403.002", "Forbidden", f"The channel type of this key is {own}.")


def _kind(asked: Request) -> str:
    """Which of the two trees is meant."""
    return "RCS" if asked.path.startswith("/rcs/") else "SMS"


def _messages(asked: Request) -> str:
    return f"/{_kind(asked).lower()}/v1/messages"


def _route(asked: Request) -> _Verb:
    routes: dict[tuple[str, str], _Verb] = {
        ("POST", _messages(asked)): _send,
        ("GET", _messages(asked)): _list,
        ("POST", "/sms/v1/campaigns"): _campaign,
        ("GET", _COMMONS): _organisations,
    }
    if _message_id(asked):
        routes |= {("GET", asked.path): _show, ("DELETE", asked.path): _cancel}
    found = routes.get((asked.method, asked.path))
    if found is None:
        raise Problem(404, "404.001", "Not found", "There is nothing at this address.")
    return found


def _message_id(asked: Request) -> str:
    rest = asked.path.removeprefix(_messages(asked) + "/")
    return "" if rest == asked.path or "/" in rest else rest


def _document(asked: Request) -> Any:
    try:
        return json.loads(asked.get_data())
    except ValueError:
        raise Problem(400, "400.001", "Malformed JSON", "The body is not JSON.") from None


def _send(account: Account, asked: Request) -> tuple[int, Any]:
    """One message, or an array of them: of an array all are taken or none is."""
    document, kind = _document(asked), _kind(asked)
    if not isinstance(document, list):
        return 201, account.accept(validate(document, kind), kind)
    if not 1 <= len(document) <= _MOST:
        raise Problem(400, "400.003", "Bad batch", "An array holds 1 to 1000 messages.")
    wanted = [validate(one, kind) for one in document]
    return 201, [{"message": account.accept(one, kind)} for one in wanted]


def _campaign(account: Account, asked: Request) -> tuple[int, Any]:
    """One text to many: `$name` stands for the recipient's own parameter."""
    document = _document(asked)
    recipients = document.get("recipients") if isinstance(document, dict) else None
    if not isinstance(recipients, list) or not 1 <= len(recipients) <= _MOST:
        raise Problem(400, "400.004", "Bad campaign", "recipients holds 1 to 1000 numbers.")
    wanted = [validate(_personal(document, one)) for one in recipients]
    for one in wanted:
        account.accept(one)
    return 201, {"campaignId": str(uuid7()), "status": {"value": "ONGOING"}}


def _personal(document: Mapping[str, Any], recipient: Any) -> dict[str, Any]:
    if not isinstance(recipient, dict) or not isinstance(document.get("body"), dict):
        raise Problem(400, "400.002", "Malformed message", "A campaign needs a body and numbers.")
    text = str(document["body"].get("text", ""))
    for name, value in (recipient.get("parameters") or {}).items():
        text = text.replace(f"${name}", str(value))
    shared = {k: v for k, v in document.items() if k != "recipients"}
    own = {"refClient": recipient["refClient"]} if "refClient" in recipient else {}
    body = document["body"] | {"text": text}
    return shared | own | {"recipient": {"to": recipient.get("to", "")}, "body": body}


def _list(account: Account, asked: Request) -> tuple[int, Any]:
    found = account.search(
        asked.args.get("searchBy[refClient]", ""),
        asked.args.get("searchBy[to]", ""),
        asked.args.get("searchBy[direction]", ""),
        _kind(asked),
    )
    page, size = asked.args.get("page", "1"), asked.args.get("pageSize", "10")
    if not (page.isdigit() and size.isdigit() and int(page) >= 1 and 1 <= int(size) <= 100):
        raise Problem(400, "400.005", "Bad page", "page is from 1, pageSize from 1 to 100.")
    return 200, page_of(found, int(page), int(size))


def _show(account: Account, asked: Request) -> tuple[int, Any]:
    found = account.find(_message_id(asked), _kind(asked))
    if found is None:
        raise Problem(404, "404.002", "Message not found", "No such message is known yet.")
    return 200, found


def _cancel(account: Account, asked: Request) -> tuple[int, Any]:
    if not account.ledger.cancel(_message_id(asked)):
        raise Problem(400, "400.030", "Too late", "Only a scheduled message can be cancelled.")
    return 204, None


def _organisations(account: Account, asked: Request) -> tuple[int, Any]:
    return 200, page_of([account.organisation()], 1, 10)
