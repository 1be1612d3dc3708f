"""Links: short addresses, one person's each. A row keeps the token's digest; the token stands
nowhere but in the text that was sent."""

import hashlib
import re
import secrets
import string
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, row, rows, run

TOKEN_LENGTH = 10
_LETTERS = string.digits + string.ascii_letters
_TOKEN = re.compile(f"[0-9A-Za-z]{{{TOKEN_LENGTH}}}")
# Browsers drop or repair these silently, so that an address with them leads elsewhere than it says.
_TREACHEROUS = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_LONGEST = 4000  # characters


def new_token() -> str:
    """Ten characters, 59 bits: nobody finds another person's by trying."""
    return "".join(secrets.choice(_LETTERS) for _ in range(TOKEN_LENGTH))


def is_token(text: str) -> bool:
    """Whether this could be a token at all; what cannot be is never looked up."""
    return _TOKEN.fullmatch(text) is not None


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def add_all(db: Connection, minted: Sequence[Mapping[str, Any]]) -> None:
    """Insert; a row has every column, `token_hash` as bytes or as their hexadecimal digits."""
    if not minted:
        return
    run(
        db,
        """INSERT INTO links (token_hash, workspace_id, message_id, label, kind, target, utm,
               preview, language, expires_at, created_at)
           SELECT decode(token_hash, 'hex'), workspace_id, message_id, label, kind, target, utm,
               preview, language, expires_at, created_at
           FROM jsonb_to_recordset(:minted) AS l(token_hash text, workspace_id uuid,
               message_id uuid, label text, kind text, target text, utm jsonb, preview jsonb,
               language text, expires_at timestamptz, created_at timestamptz)""",
        minted=jsonb([{**link, "token_hash": _digits(link["token_hash"])} for link in minted]),
    )


def _digits(token_hash: bytes | str) -> str:
    return token_hash if isinstance(token_hash, str) else token_hash.hex()


def of_message(db: Connection, message_id: UUID) -> Sequence[Row]:
    """A message's links, oldest first."""
    return rows(
        db,
        "SELECT * FROM links WHERE message_id = :id ORDER BY created_at, label, token_hash",
        id=message_id,
    )


def page_of(db: Connection, message_id: UUID) -> Row | None:
    """What a page is made of: the message's variables, language, zone and kind, its template's
    layout and terms, and the code made for it, or shared by its template."""
    return row(
        db,
        """SELECT m.variables, m.language, m.zone, m.kind, t.page, t.coupon AS terms, c.code,
               c.expires_at AS code_until
           FROM messages m
           JOIN template_versions t
               ON t.template_id = m.template_id AND t.version = m.template_version
           LEFT JOIN LATERAL (
               SELECT code, expires_at FROM coupons
               WHERE workspace_id = m.workspace_id AND state = 'ready'
                   AND (message_id = coalesce(m.stands_in_for, m.resends, m.id)
                   OR (message_id IS NULL AND template_id = m.template_id AND t.coupon IS NOT NULL))
               ORDER BY message_id NULLS LAST, created_at DESC LIMIT 1) c ON true
           WHERE m.id = :id""",
        id=message_id,
    )


def hosts(db: Connection) -> Sequence[Row]:
    """The link addresses of workspaces that have their own (id, link_url)."""
    return rows(db, "SELECT id, link_url FROM workspaces WHERE link_url <> ''")


def may_lead_to(target: str, domains: Sequence[str]) -> bool:
    """Whether a link may lead there: a plain web address without a user in it, and on one of these
    domains or below, where there are any."""
    if len(target) > _LONGEST or _TREACHEROUS.search(target):
        return False
    try:
        parts = urlsplit(target)
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port  # raises where it is none
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return False
    allowed = [domain.lower().strip(".") for domain in domains]
    return not allowed or any(host == d or host.endswith(f".{d}") for d in allowed)
