"""Telling the hub: each receipt and reply is POSTed, signed, and again until it is kept."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from hub.contract.http import session

log = logging.getLogger(__name__)

SIGNATURE = "X-Relais-Signature"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


def signature(secret: str, body: bytes) -> str:
    """What stands in the header: HMAC-SHA256 of the body, in hexadecimal."""
    return hmac.new(secret.encode(errors="surrogatepass"), body, hashlib.sha256).hexdigest()


@dataclass
class Postman:
    """POSTs to `url`, which may change while it works. `patience` is in seconds: an operator waits
    about so long for its answer."""

    url: str
    secret: str
    patience: float = 20.0
    _session: requests.Session = field(default_factory=session)

    async def tell(self, document: Mapping[str, Any]) -> bool:
        """Whether the hub has kept it."""
        body = json.dumps(document).encode()
        headers = {"Content-Type": "application/json", SIGNATURE: signature(self.secret, body)}
        pause = _FIRST_PAUSE
        try:
            async with asyncio.timeout(self.patience):
                while not await asyncio.to_thread(self._post, body, headers):
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
        except TimeoutError:
            log.warning("smpp.hub_silent")
            return False
        return True

    def _post(self, body: bytes, headers: Mapping[str, str]) -> bool:
        try:
            answer = self._session.post(
                self.url, data=body, headers=dict(headers), timeout=5.0, allow_redirects=False
            )
        except requests.RequestException:
            return False
        if answer.status_code >= 400:
            log.warning("smpp.hub_refuses", extra={"status": answer.status_code})
        return 200 <= answer.status_code < 300
