"""Tokens: asked for, kept, and renewed before they run out; one worker at a time, so that a
refresh token that works once is used once."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import requests
from sqlalchemy import Connection, text

from hub import crash
from hub.contract import AuthLost, Connector, Exchange, OAuth2, Refused, Unavailable, Way
from hub.contract.http import check_status, json_of, said_by, session, translated
from hub.store import connections
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

EARLY = timedelta(seconds=60)  # renewed this long before the end, so that no call meets the end
_LOCK_CLASS = 52003
_TURN = 15.0  # seconds
_session = session()


def way_of(connector: Connector, connection: Row) -> Way:
    """The way this connection signs in."""
    ways = connector.ways
    return ways[connection["way"]] if connection["way"] in ways else next(iter(ways.values()))


def renew(
    ground: Ground, connection: Row, used: Mapping[str, str], refused: bool
) -> Mapping[str, str]:
    """The secrets to call with; see `Ground.renew`. Raises AuthLost where only a person can help,
    and Throttled or Unavailable where the vendor's token address does not answer."""
    connector = ground.connectors.get(connection["connector"])
    way = way_of(connector, connection) if connector else None
    if not isinstance(way, OAuth2 | Exchange):
        return used
    if not refused and _lasts(used, ground.clock()):
        return used
    with _alone(ground, connection["id"]):
        with ground.database.begin() as db:
            row = connections.by_ids(db, [connection["id"]])[connection["id"]]
        kept = connections.secrets_of(ground.vault, row)
        another = kept.get("access_token") != used.get("access_token")
        if another and _lasts(kept, ground.clock()):
            return kept
        fresh = _ask(ground, way, row, kept)
        crash.at("C26")
        return keep(ground, row, way, {**kept, **fresh})


def keep(
    ground: Ground, row: Row, way: OAuth2 | Exchange, secrets: Mapping[str, str]
) -> Mapping[str, str]:
    """Write tokens down at once: a refresh token that rotates exists nowhere else."""
    lasts = float(secrets.get("expires_in") or way.lasts)
    until = ground.clock() + timedelta(seconds=lasts)
    kept = {n: v for n, v in secrets.items() if n != "expires_in"}
    kept["expires_at"] = until.isoformat()
    with ground.database.begin() as db:
        connections.keep_secrets(db, ground.vault, row, kept, until)
    log.info("tokens.kept", extra={"connection": row["id"]})
    return kept


def _lasts(secrets: Mapping[str, str], now: datetime) -> bool:
    if not secrets.get("access_token") or not secrets.get("expires_at"):
        return False
    return datetime.fromisoformat(secrets["expires_at"]) - EARLY > now


def _ask(
    ground: Ground, way: OAuth2 | Exchange, row: Row, kept: Mapping[str, str]
) -> dict[str, str]:
    settings = row["settings"]
    if isinstance(way, Exchange):
        form = way.form(settings, kept, ground.clock())
    elif kept.get("refresh_token"):
        form = {"grant_type": "refresh_token", "refresh_token": kept["refresh_token"], **_app(kept)}
    else:
        raise AuthLost("Nobody has signed in yet.")
    return ask(ground, way, settings, form)


def ask(
    ground: Ground, way: OAuth2 | Exchange, settings: Mapping[str, str], form: Mapping[str, str]
) -> dict[str, str]:
    """One token request (RFC 6749 §3.2): what is to be kept of its answer."""
    with translated("The vendor's sign-in"):
        answer = _session.post(
            way.token_url(settings),
            data=dict(form),
            timeout=ground.settings.carrier_deadline,
            allow_redirects=False,
        )
    if answer.status_code in (400, 401, 403):
        raise AuthLost(_no(answer))
    check_status("The vendor's sign-in", answer)
    found = json_of("The vendor's sign-in", answer)
    if not isinstance(found, dict) or not found.get("access_token"):
        raise Refused("The vendor's sign-in answered without a token.")
    wanted = ("access_token", "refresh_token", "expires_in", *way.keeps)
    return {name: str(found[name]) for name in wanted if found.get(name)}


def _no(answer: requests.Response) -> str:
    said = said_by(answer).rstrip(". ")
    return f"The vendor does not let us in: {said}."


def _app(kept: Mapping[str, str]) -> dict[str, str]:
    return {name: kept.get(name, "") for name in ("client_id", "client_secret")}


def from_code(
    ground: Ground, way: OAuth2, row: Row, code: str, verifier: str, redirect: str
) -> None:
    """Trade the code that the browser brought back for tokens, and keep them."""
    kept = connections.secrets_of(ground.vault, row)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
    proof = {"code_verifier": verifier} if way.pkce else {}
    fresh = ask(ground, way, row["settings"], {**form, **proof, **_app(kept)})
    keep(ground, row, way, {**kept, **fresh})


def revoke(ground: Ground, way: Way, row: Row) -> None:
    """Give the tokens back, where the vendor takes them (RFC 7009). Raises the listed errors."""
    if not isinstance(way, OAuth2) or way.revoke_url is None:
        return
    kept = connections.secrets_of(ground.vault, row)
    token = kept.get("refresh_token") or kept.get("access_token")
    if not token:
        return
    with translated("The vendor's sign-in"):
        answer = _session.post(
            way.revoke_url(row["settings"]),
            data={"token": token, **_app(kept)},
            timeout=ground.settings.carrier_deadline,
            allow_redirects=False,
        )
    if answer.status_code not in (400, 404):  # 400: it was no token any more
        check_status("The vendor's sign-in", answer)


@contextmanager
def _alone(ground: Ground, connection_id: UUID) -> Iterator[None]:
    """A lock of the session, not of a transaction: a network call is made inside. Raises
    Unavailable where another worker holds it for too long."""
    with ground.database.engine.connect() as raw:
        db = raw.execution_options(isolation_level="AUTOCOMMIT")
        who = {"class": _LOCK_CLASS, "who": str(connection_id)}
        _wait_for_turn(db, who)
        try:
            yield
        finally:
            db.execute(text("SELECT pg_advisory_unlock(:class, hashtext(:who))"), who)


def _wait_for_turn(db: Connection, who: Mapping[str, Any]) -> None:
    give_up = time.monotonic() + _TURN
    turn = text("SELECT pg_try_advisory_lock(:class, hashtext(:who))")
    while not db.execute(turn, who).scalar_one():
        if time.monotonic() > give_up:
            raise Unavailable("Another worker has been renewing the token for long.", reached=False)
        time.sleep(0.05)
