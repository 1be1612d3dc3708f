"""The first run: whoever set the hub up becomes its first owner, with a first workspace."""

import hmac
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from hub.accounts import passwords
from hub.accounts.entering import Caller, come_in
from hub.automations import windows
from hub.automations.seed import plant
from hub.store import audit, users, workspaces
from hub.store.ground import Ground


class NotFirst(Exception):
    """There is an account already, or the code is not the one that the hub printed."""


@dataclass(frozen=True)
class Owner:
    """Who sets the hub up, and for which shop."""

    email: str
    name: str
    password: str
    shop: str
    country: str
    language: str
    zone: str


@dataclass(frozen=True)
class Shop:
    """A merchant: what customers call it, where it is, and how it speaks."""

    name: str
    country: str
    language: str
    zone: str


def code_of(ground: Ground) -> str:
    """What the hub prints when it starts without an account: only who sees its terminal or its log
    may take it. Not kept anywhere: it is derived from the master key."""
    drawn = hmac.digest(ground.vault.key, b"relais first run", "sha256").hex()
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:12]}"


def address_of(ground: Ground) -> str:
    """The page on which the first account is made, the code in it."""
    return f"{ground.settings.address}/welcome?code={code_of(ground)}"


def is_first_run(ground: Ground) -> bool:
    """Whether nobody has an account yet."""
    with ground.database.begin() as db:
        return not users.any_there(db)


def begin(ground: Ground, owner: Owner, code: str, caller: Caller) -> str:
    """The first owner and their workspace, in test mode with ready-made templates and automations
    as drafts; the token of their session. Raises NotFirst and BadPassword."""
    if not hmac.compare_digest(code.strip().casefold().encode(), code_of(ground).encode()):
        raise NotFirst
    passwords.check_new(owner.password, owner.email, owner.name, owner.shop)
    hashed, now = passwords.hash_of(owner.password), ground.clock()
    with ground.database.begin() as db:
        # One at a time: of two that come at once, the second finds an account.
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(52010)")
        if users.any_there(db):
            raise NotFirst
        made = users.add(
            db, email=owner.email, name=owner.name, password_hash=hashed,
            language=owner.language, now=now,
        )  # fmt: skip
        if made is None:
            raise NotFirst
        shop = Shop(owner.shop, owner.country, owner.language, owner.zone)
        opened = open_workspace(ground, db, shop, made)
        token = come_in(db, made, caller, now)
        audit.note(db, now, f"user:{made}", "hub.first_owner", workspace_id=opened)
    return token


def open_workspace(ground: Ground, db: Connection, shop: Shop, owner: UUID) -> UUID:
    """One more merchant's workspace and its owner: in test mode, with ready-made templates and
    automations as drafts."""
    now = ground.clock()
    made = workspaces.add(
        db, name=shop.name, brand=shop.name, country=shop.country, language=shop.language,
        zone=shop.zone, sending_window=_hours(shop.country), testing=True,
    )  # fmt: skip
    plant(db, made, Path(ground.settings.templates), now, state="draft")
    users.join(db, made, owner, "owner", now)
    return made


def _hours(country: str) -> dict[str, str]:
    return {"preset": country if country in windows.PRESETS else "always"}
