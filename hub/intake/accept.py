"""The door for vendors: verify on raw bytes, keep the raw request, answer. Nothing else."""

import hashlib
import logging
from dataclasses import dataclass, field, replace
from datetime import datetime

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hub import crash
from hub.contract import RECEIVED_AT, Connector, Question, Rejected, Request, Response
from hub.intake.addresses import Address, Addresses
from hub.intake.doors import Door, Verify, door_of
from hub.intake.keeping import Keeper
from hub.intake.known import known_of
from hub.store import intakes
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
_KEPT_BACK = ("cookie", "authorization")

UNKNOWN = Response(404, b"There is no connection at this address.\n")
REFUSED = Response(401, b"This request is not signed by the vendor.\n")
WRONG_WAY = Response(405, b"Deliveries come here by POST.\n")
UNREADABLE = Response(400, b"This request cannot be read.\n")
TOO_LARGE = Response(413, b"The body is larger than 1 MiB.\n")
BUSY = Response(503, b"The hub cannot keep this now; send it again in a few seconds.\n")
THANKS = Response(200, b"")
_KEPT = {"events": "C4", "carrier": "C22"}  # crash points


@dataclass(frozen=True)
class Porter:
    """Takes deliveries in, and calls of workflows, and answers those who design one."""

    ground: Ground
    _addresses: Addresses = field(init=False)
    _keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_addresses", Addresses(self.ground))
        object.__setattr__(self, "_keeper", Keeper(self.ground.database, self.ground.vault))

    def accept(
        self, slug: str, token: str, request: Request, name: str = ""
    ) -> tuple[Response, str]:
        """Answer one request. Also says which road was given something new, or nothing.

        `name` is an action's or a question's; empty for a delivery.
        """
        connector = self.ground.connectors.get(slug)
        if len(request.body) > LARGEST_BODY:
            return TOO_LARGE, ""
        try:
            address = self._addresses.find(slug, token) if connector else None
            if connector is None or address is None:
                return UNKNOWN, ""
            return self._let_in(connector, address, request, name)
        except (SQLAlchemyError, psycopg.Error) as error:
            why = type(error).__name__  # its words may show what was to be kept
            log.warning("intake.not_kept", extra={"connector": slug, "why": why})
            return BUSY, ""

    def _let_in(
        self, connector: Connector, address: Address, request: Request, name: str
    ) -> tuple[Response, str]:
        door, now = door_of(connector, name), self.ground.clock() + address.ahead
        request = _stamped(request, now)
        if door is None:
            return UNKNOWN, ""
        if isinstance(door, Question):
            return self._reply(door, address, request), ""
        if request.method not in door.methods:
            return WRONG_WAY, ""
        if door.greet:
            greeting = door.greet(request, address.secrets)
            if greeting is not None:
                return greeting, ""
        if not _genuine(door.verify, request, address):
            return REFUSED, ""
        crash.at("C2")
        raws = [_raw(row, door, request, name, now) for row in address.about(door, request)]
        news = self._keeper.keep(raws)
        crash.at(_KEPT[door.road])
        return _thanks(door, request), door.road if news else ""

    def _reply(self, question: Question, address: Address, request: Request) -> Response:
        if not _genuine(question.verify, request, address):
            return REFUSED
        rows = address.about(question, request)
        if not rows:
            return UNKNOWN
        try:
            return question.answer(request, known_of(self.ground, rows[0]))
        except (ValueError, Rejected) as error:
            log.info("intake.question_unreadable", extra={"why": str(error)[:200]})
            return UNREADABLE


def _stamped(request: Request, now: datetime) -> Request:
    """With our own clock; what a stranger wrote there is overwritten."""
    return replace(request, headers={**request.headers, RECEIVED_AT: now.isoformat()})


def _genuine(verify: Verify, request: Request, address: Address) -> bool:
    """Fail closed: whatever the verifier does but return, the request is not the vendor's."""
    try:
        verify(request, address.secrets)
    except Rejected as refusal:
        log.warning("intake.rejected", extra={"address": address.name, "why": refusal.words})
        return False
    except Exception:
        log.exception("intake.verifier_failed", extra={"address": address.name})
        return False
    return True


def _thanks(door: Door, request: Request) -> Response:
    """What the vendor must read; a genuine request that makes no sense is kept, and told so."""
    try:
        return door.answer(request) if door.answer else THANKS
    except Exception:
        log.exception("intake.no_answer")
        return UNREADABLE


def _name(door: Door, request: Request) -> str:
    """The delivery's name; one that cannot be named is kept under its bytes, never refused."""
    try:
        return door.dedupe(request)
    except Exception:
        log.exception("intake.no_name")
        return hashlib.sha256(request.body).hexdigest()


def _raw(row: Row, door: Door, request: Request, name: str, now: datetime) -> intakes.Raw:
    kept = {k: v for k, v in request.headers.items() if k not in (*_KEPT_BACK, RECEIVED_AT)}
    return intakes.Raw(
        workspace_id=row["workspace_id"],
        connection_id=row["id"],
        road=door.road,
        source="webhook",
        key=f"{name}:{_name(door, request)}" if name else _name(door, request),
        method=request.method,
        headers=kept,
        query=request.query,
        body=request.body,
        received_at=now,
        door=name,
    )
