"""The OAuth 2 dance: to the vendor's page and back, in one browser, each state once."""

import base64
import hashlib
import re
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from hub.connections import tokens
from hub.contract import OAuth2, Rejected
from hub.store import connections, sign_ins
from hub.store.database import Row
from hub.store.ground import Ground

PATIENCE = timedelta(minutes=15)
BACK = "/connect/back"
_STATE = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True)
class Returned:
    """A browser that came back: whose connection, where it goes on, whether they agreed."""

    connection_id: UUID
    return_url: str
    agreed: bool


def begin(ground: Ground, connection_id: UUID, return_url: str) -> str:
    """A sign-in that sets out: the hub's own address, which binds the browser and sends it on."""
    state = random.token_urlsafe(32)
    with ground.database.begin() as db:
        sign_ins.add(
            db,
            state=state,
            connection_id=connection_id,
            verifier=random.token_urlsafe(64),
            return_url=return_url,
            expires_at=ground.clock() + PATIENCE,
        )
    return f"{ground.settings.address}/connect/{state}"


def set_out(ground: Ground, state: str, browser: str) -> str:
    """The vendor's consent page for this browser. Raises Rejected."""
    _refuse_nonsense(state)
    with ground.database.begin() as db:
        waiting = sign_ins.bind(db, state, _digest(browser), ground.clock())
    row = _row(ground, waiting["connection_id"]) if waiting else None
    way = _way(ground, row)
    if waiting is None or row is None or way is None:
        raise Rejected("This sign-in has ended or belongs to another browser; start it again.")
    kept = connections.secrets_of(ground.vault, row)
    query = {
        "client_id": kept.get("client_id", ""),
        "redirect_uri": ground.settings.address + BACK,
        "response_type": "code",
        "scope": " ".join(way.scopes),
        "state": state,
        **way.extra,
    }
    if way.pkce:
        challenge = _challenge(waiting["verifier"])
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{way.authorize_url(row['settings'])}?{urlencode(query)}"


def come_back(ground: Ground, query: Mapping[str, str], browser: str) -> Returned:
    """The vendor sent the browser back: trade the code for tokens. Raises Rejected, and the listed
    errors where the vendor's token address fails."""
    state = query.get("state", "")
    _refuse_nonsense(state)
    with ground.database.begin() as db:
        used = sign_ins.use(db, state, _digest(browser), ground.clock())
    row = _row(ground, used["connection_id"]) if used else None
    way = _way(ground, row)
    if used is None or row is None or way is None:
        raise Rejected("This sign-in has ended or belongs to another browser; start it again.")
    if not query.get("code"):
        return Returned(row["id"], used["return_url"], agreed=False)
    redirect = ground.settings.address + BACK
    tokens.from_code(ground, way, row, query["code"], used["verifier"], redirect)
    with ground.database.begin() as db:
        connections.look_again(db, row["id"], ground.clock())
    return Returned(row["id"], used["return_url"], agreed=True)


def _refuse_nonsense(state: str) -> None:
    """What was never one of ours is not looked up: no database takes NUL."""
    if not _STATE.fullmatch(state):
        raise Rejected("This sign-in is not known here; start it again.")


def _row(ground: Ground, connection_id: UUID) -> Row | None:
    with ground.database.begin() as db:
        row = connections.by_ids(db, [connection_id]).get(connection_id)
    return row if row and row["state"] != "removed" else None


def _way(ground: Ground, row: Row | None) -> OAuth2 | None:
    connector = ground.connectors.get(row["connector"]) if row else None
    way = tokens.way_of(connector, row) if connector and row else None
    return way if isinstance(way, OAuth2) else None


def _digest(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest() if browser else ""


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
