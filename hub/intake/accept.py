"""The door for vendors: verify on raw bytes, keep the raw request, answer. Nothing else."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from hub.contract import Connector, Rejected, Request, Response
from hub.store import connections, intakes
from hub.store.database import Row
from hub.store.ground import Ground

Verify = Callable[[Request, Mapping[str, str]], None]

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
KNOWN_FOR = 5.0  # seconds a connection's secrets are remembered between deliveries
_KEPT_BACK = ("cookie", "authorization")

UNKNOWN = Response(404, b"There is no connection at this address.\n")
REFUSED = Response(401, b"This request is not signed by the vendor.\n")
TOO_LARGE = Response(413, b"The body is larger than 1 MiB.\n")
BUSY = Response(503, b"The hub cannot keep this now; send it again in a few seconds.\n")
THANKS = Response(200, b"")


@dataclass(frozen=True)
class Door:
    """Takes deliveries in; remembers each connection's secrets for a few seconds."""

    ground: Ground
    _known: dict[tuple[str, str], tuple[float, Row, dict[str, str]]] = field(default_factory=dict)

    def accept(self, slug: str, token: str, request: Request) -> tuple[Response, str]:
        """Answer one delivery. Also says which road was given something new, or nothing."""
        connector = self.ground.connectors.get(slug)
        if len(request.body) > LARGEST_BODY:
            return TOO_LARGE, ""
        try:
            found = self._find(slug, token) if connector else None
            if connector is None or found is None:
                return UNKNOWN, ""
            return self._take(connector, *found, request)
        except SQLAlchemyError:
            log.exception("intake.not_kept", extra={"connector": slug})
            return BUSY, ""

    def _take(
        self, connector: Connector, row: Row, secrets: Mapping[str, str], request: Request
    ) -> tuple[Response, str]:
        side = connector.webhook or connector.carrier
        if side is None:
            return UNKNOWN, ""
        if connector.webhook and connector.webhook.greet:
            greeting = connector.webhook.greet(request, secrets)
            if greeting is not None:
                return greeting, ""
        if not _genuine(side.verify, request, secrets, row):
            return REFUSED, ""
        road = "carrier" if connector.carrier else "events"
        raw = intakes.Raw(
            workspace_id=row["workspace_id"],
            connection_id=row["id"],
            road=road,
            source="webhook",
            key=side.dedupe(request),
            method=request.method,
            headers={k: v for k, v in request.headers.items() if k not in _KEPT_BACK},
            query=request.query,
            body=request.body,
            received_at=self.ground.clock(),
        )
        with self.ground.database.cursor() as cursor:
            kept = intakes.keep(cursor, raw)
        return THANKS, road if kept else ""

    def _find(self, slug: str, token: str) -> tuple[Row, dict[str, str]] | None:
        known = self._known.get((slug, token))
        if known and known[0] > time.monotonic():
            return known[1], known[2]
        with self.ground.database.begin() as db:
            row = connections.by_token(db, slug, token)
        if row is None:
            return None
        secrets = self.ground.credentials(row)
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[slug, token] = (time.monotonic() + KNOWN_FOR, row, secrets)
        return row, secrets


def _genuine(verify: Verify, request: Request, secrets: Mapping[str, str], row: Row) -> bool:
    """Fail closed: whatever the verifier does but return, the request is not the vendor's."""
    try:
        verify(request, secrets)
    except Rejected as refusal:
        log.warning("intake.rejected", extra={"connection": row["id"], "why": refusal.words})
        return False
    except Exception:
        log.exception("intake.verifier_failed", extra={"connection": row["id"]})
        return False
    return True
