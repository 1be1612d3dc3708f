"""Recorded deliveries: a request as it came, with the secret it was signed with.

The expectation stands beside it: `order.created__rest.json`, `order.created__rest.expected.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.contract import Request

EXPECTED = ".expected.json"


class NotARecording(ValueError):
    """The file holds no recorded delivery; the argument says why, in a sentence."""


@dataclass(frozen=True)
class Recording:
    """One recorded delivery. `expected` is None where no sidecar stands beside it; `polled` says
    that it is a record as `pull` gives it, which nobody signs."""

    name: str
    request: Request
    secrets: Mapping[str, str]
    settings: Mapping[str, str]
    expected: Mapping[str, Any] | None
    polled: bool = False


def recordings(folder: Path) -> tuple[Recording, ...]:
    """Every delivery in a connector's `fixtures/`, by name. Raises NotARecording."""
    files = sorted((folder / "fixtures").glob("*.json"))
    deliveries = (f for f in files if not f.name.endswith(EXPECTED) and not _is_answer(f))
    return tuple(read_recording(f) for f in deliveries)


def read_recording(path: Path) -> Recording:
    """One recorded delivery with its sidecar, if any. Raises NotARecording with a sentence."""
    document = _document(path)
    if "status" in document and "method" not in document:
        raise NotARecording(
            f"{path.name} holds an answer, not a delivery: it has a «status» and no «method»."
        )
    sidecar = path.with_name(path.name.removesuffix(".json") + EXPECTED)
    expected = _document(sidecar) if sidecar.is_file() else None
    secret = document.get("secret")
    own = {"webhook_secret": str(secret)} if secret is not None else {}
    secrets = own | _texts(path.name, document, "secrets")
    return Recording(
        name=path.name,
        request=_request(path.name, document),
        secrets=secrets,
        settings=_texts(path.name, document, "settings") | _texts(path.name, expected, "settings"),
        expected=expected,
        polled=bool(document.get("polled", False)),
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise NotARecording(f"{path.name} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise NotARecording(f"{path.name} is not JSON. Record the delivery again.") from None
    if not isinstance(document, dict):
        raise NotARecording(f"{path.name} must hold one JSON object.")
    return document


def _request(name: str, document: Mapping[str, Any]) -> Request:
    missing = [key for key in ("method", "headers", "body") if key not in document]
    if missing:
        listed = ", ".join(f"«{key}»" for key in missing)
        raise NotARecording(f"{name} has no {listed}; a recorded delivery needs them.")
    method, body = document["method"], document["body"]
    if not isinstance(method, str) or not isinstance(body, str):
        raise NotARecording(f"In {name}, «method» and «body» must be texts.")
    raw = body.encode("utf-8", "surrogatepass")
    headers, query = (_texts(name, document, part) for part in ("headers", "query"))
    path, url = (str(document.get(part, "")) for part in ("path", "url"))
    return Request.of(method, headers, raw, query=query, path=path, url=url)


def _texts(name: str, document: Mapping[str, Any] | None, part: str) -> dict[str, str]:
    texts = (document or {}).get(part, {})
    if not isinstance(texts, dict) or not all(isinstance(v, str) for v in texts.values()):
        raise NotARecording(f"In {name}, «{part}» must be an object of texts.")
    return dict(texts)


def _is_answer(path: Path) -> bool:
    document = _document(path)
    return "status" in document and "method" not in document
