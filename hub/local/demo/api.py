"""The hub's own API, called with a key of the workspace as any merchant's program would."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from hub.local.demo.waiting import NeverCame


@dataclass(frozen=True)
class Api:
    """`address` is the hub's, without a trailing slash."""

    address: str
    key: str

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer's document. Raises NeverCame with the hub's own words."""
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.request(
                    method,
                    f"{self.address}/api/v1{path}",
                    json=body,
                    headers={"Authorization": f"Bearer {self.key}"},
                    timeout=30,
                )
                found: dict[str, Any] = answer.json()
            except (requests.RequestException, ValueError) as error:
                raise NeverCame(f"The hub did not answer: {type(error).__name__}.") from None
        if not answer.ok:
            raise NeverCame(f"The hub refused: {_said(found)}")
        return found


def _said(found: Mapping[str, Any]) -> str:
    wrong = [str(one.get("words") or one.get("detail") or one) for one in found.get("errors", ())]
    return " ".join([str(found.get("detail") or found.get("title")), *wrong])
