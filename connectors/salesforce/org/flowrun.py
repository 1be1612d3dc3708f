"""A Flow that runs: it reads the registered OpenAPI document and calls it in bulk, as the vendor's
External Services would, and refuses a document that those would refuse."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from hub.contract import Request

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_FORBIDDEN = ("oneOf", "anyOf", "allOf", "not", "discriminator")
_LARGEST = 100_000


@dataclass(frozen=True)
class Registered:
    """A document that was taken in: the address and the path of each operation."""

    base: str
    paths: Mapping[str, str]


@dataclass
class Runner:
    """The org's one Flow: `secret()` is in its External Credential, `record(id)` gives a row."""

    secret: Callable[[], str]
    record: Callable[[str], Mapping[str, Any]]
    registered: Registered | None = None

    def register(self, document_url: str) -> None:
        """Take in the document behind an address. Raises ValueError with the reason."""
        text, found = fetch(document_url, self.secret())
        self.registered = register(text, found)

    def ask(self, operation: str, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One bulk call-out; answers its results. Raises ValueError."""
        if self.registered is None:
            raise ValueError("The External Service is not registered yet.")
        return list(call(self.registered, operation, self.secret(), asked)["results"])

    def run(self, numbers: Sequence[str], template: str, **more: Any) -> list[dict[str, Any]]:
        """The step "send" for these contacts; answers its results. Raises ValueError."""
        asked = [self.request(number, template, **more) for number in numbers]
        return self.ask("send", {"requests": asked})

    def execution(self, numbers: Sequence[str], url: str) -> Request:
        """The same call as the hub hears it."""
        asked = {"requests": [self.request(number, "win-back") for number in numbers]}
        headers = {
            "Authorization": f"Bearer {self.secret()}",
            "Content-Type": "application/json",
        }
        return Request.of("POST", headers, json.dumps(asked).encode(), url=url)

    def request(self, number: str, template: str, **more: Any) -> dict[str, Any]:
        """What the step fills in for one contact or lead."""
        row = self.record(number)
        return {
            "recordId": number,
            "phone": row["MobilePhone"],
            "template": template,
            "firstName": row["FirstName"],
            "lastName": row["LastName"],
            "flow": "Win back",
            **more,
        }


def register(text: str, document: Mapping[str, Any]) -> Registered:
    """Take a document in as External Services would. Raises ValueError with the reason."""
    if len(text) > _LARGEST:
        raise ValueError("The document is larger than 100,000 characters.")
    if not str(document.get("openapi", "")).startswith("3.0"):
        raise ValueError("Only OpenAPI 3.0 is read.")
    _check(document)
    paths = {}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            name = operation["operationId"]
            if not _NAME.fullmatch(name):
                raise ValueError(f"«{name}» is no name of an operation.")
            paths[name] = path
    for name, schema in document["components"]["schemas"].items():
        _check_schema(name, schema)
    return Registered(document["servers"][0]["url"], paths)


def call(at: Registered, operation: str, secret: str, asked: Mapping[str, Any]) -> Any:
    """One call-out with the External Credential's header; answers the document."""
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {secret}"}
        url = at.base + at.paths[operation]
        answer = session.post(url, json=asked, headers=headers, timeout=20)
    if answer.status_code != 200:
        raise ValueError(f"The call-out was answered {answer.status_code}: {answer.text[:200]}")
    return answer.json()


def fetch(url: str, secret: str) -> tuple[str, Any]:
    """The document behind an address, as its text and read."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(url, headers={"Authorization": f"Bearer {secret}"}, timeout=20)
    return answer.text, answer.json()


def _check(value: Any) -> None:
    if isinstance(value, Mapping):
        bad = [name for name in value if name in _FORBIDDEN]
        if bad:
            raise ValueError(f"«{bad[0]}» is not supported.")
        for inner in value.values():
            _check(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            _check(inner)


def _check_schema(name: str, schema: Mapping[str, Any]) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"«{name}» is no name of a schema.")
    for field, kind in schema.get("properties", {}).items():
        if not _NAME.fullmatch(field):
            raise ValueError(f"«{field}» is no name of a field.")
        if kind.get("type") == "object":
            raise ValueError(f"«{field}» nests an object; schemas must be flat.")
