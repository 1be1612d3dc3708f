"""Numbers: every phone number the hub knows, sealed; all other rows hold its token alone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import phonenumbers
from phonenumbers import timezone
from sqlalchemy import Connection

from hub.contract import Phone
from hub.store import turns
from hub.store.database import Row, rows, run
from hub.store.sealing import Vault, place

TOKEN = re.compile(r"\bn[a-z2-7]{26}\b")
_WHOLE = re.compile(r"\+[1-9]\d{7,14}(?!\d)")
_GONE = "a number that was erased"
Who = tuple[UUID, str]  # a workspace and a token of its


@dataclass(frozen=True)
class Number:
    """A phone, with the token that stands for it in one workspace's rows."""

    token: str
    phone: Phone

    @property
    def country(self) -> str:
        """ISO 3166."""
        return self.phone.country


def number_of(vault: Vault, workspace_id: UUID, phone: Phone) -> Number:
    """The number as this workspace keeps it."""
    return Number(vault.token(workspace_id, phone.e164), phone)


KEEP = """INSERT INTO numbers (workspace_id, phone, sealed, country, kind, zones)
    SELECT * FROM unnest(CAST(:workspaces AS uuid[]), CAST(:phones AS text[]),
        CAST(:sealed AS bytea[]), CAST(:countries AS text[]), CAST(:kinds AS text[]),
        CAST(:zones AS text[]))
    ON CONFLICT DO NOTHING"""


def keep_all(db: Connection, vault: Vault, found: Iterable[tuple[UUID, Number]]) -> None:
    """Seal those that are new; beside each what may be known without opening it."""
    values = sealed(vault, found)
    if values["phones"]:
        run(db, KEEP, **values)


def sealed(vault: Vault, found: Iterable[tuple[UUID, Number]]) -> dict[str, Any]:
    """The values of KEEP."""
    new = {(workspace, number.token): number.phone for workspace, number in found}
    who = sorted(new)
    return {
        "workspaces": [workspace for workspace, _ in who],
        "phones": [token for _, token in who],
        "sealed": vault.seal_all((new[one].e164.encode(), _place(*one)) for one in who),
        "countries": [new[one].country for one in who],
        "kinds": [new[one].kind for one in who],
        "zones": [zones_of_area(new[one].e164) for one in who],
    }


def seal_all(vault: Vault, workspace_id: UUID, found: Iterable[Number]) -> list[bytes]:
    """What `numbers.sealed` holds of each, for who writes many by COPY."""
    here = _place(workspace_id, "")
    return vault.seal_all((n.phone.e164.encode(), here + n.token.encode()) for n in found)


def keep(db: Connection, vault: Vault, workspace_id: UUID, phone: Phone) -> Number:
    """One number, kept and named."""
    made = number_of(vault, workspace_id, phone)
    keep_all(db, vault, [(workspace_id, made)])
    return made


def zones_of_area(e164: str) -> str:
    """The zones of an area code of North America, with commas; nothing elsewhere."""
    return _zones_of(e164[:8]) if e164.startswith("+1") else ""


@lru_cache(maxsize=100_000)
def _zones_of(exchange: str) -> str:
    """An exchange's zones: +1 and six digits, as no zone has a longer beginning."""
    try:
        some = phonenumbers.parse(f"{exchange}0100")
        return ",".join(timezone.time_zones_for_geographical_number(some))
    except phonenumbers.NumberParseException:
        return ""


def phones(db: Connection, vault: Vault, who: Iterable[Who]) -> dict[Who, Phone]:
    """These numbers, opened; one that was erased is missing. Raises CannotUnseal."""
    wanted = set(who)
    if not wanted:
        return {}
    found = rows(
        db,
        """SELECT workspace_id, phone, sealed FROM numbers
           WHERE workspace_id = ANY(:workspaces) AND phone = ANY(:tokens)""",
        workspaces=list({workspace for workspace, _ in wanted}),
        tokens=[token for _, token in wanted],
    )
    return opened(vault, found)


def opened(vault: Vault, found: Iterable[Row]) -> dict[Who, Phone]:
    """The phones of these rows. Raises CannotUnseal."""
    here = {workspace: _place(workspace, "") for workspace in {r["workspace_id"] for r in found}}
    return {
        (r["workspace_id"], r["phone"]): Phone.of(
            vault.unseal(r["sealed"], here[r["workspace_id"]] + r["phone"].encode()).decode()
        )
        for r in found
    }


def beside(db: Connection, vault: Vault, claimed: Sequence[Row]) -> Sequence[Row]:
    """The same rows, each with its Phone as `to`; None where the number was erased."""
    return _to(claimed, phones(db, vault, {_who(row) for row in claimed}))


def held(db: Connection, vault: Vault, claimed: Sequence[Row]) -> Sequence[Row]:
    """The same, their people held still among senders until this transaction ends."""
    return _to(claimed, opened(vault, turns.take(db, [_who(row) for row in claimed])))


def _to(claimed: Sequence[Row], known: Mapping[Who, Phone]) -> Sequence[Row]:
    return [{**row, "to": known.get(_who(row))} for row in claimed]


def tokened(vault: Vault, workspace_id: UUID, text: str) -> str:
    """The text with every number in its international form replaced by its token."""
    if "+" not in text:
        return text
    return _WHOLE.sub(lambda found: vault.token(workspace_id, found.group()), text)


def whole(db: Connection, vault: Vault, texts: Sequence[tuple[UUID, str]]) -> list[str]:
    """These (workspace, text) with every token replaced by its number again: for carriers."""
    known = phones(db, vault, ((own, token) for own, t in texts for token in TOKEN.findall(t)))
    e164 = {token: phone.e164 for (_, token), phone in known.items()}
    return [TOKEN.sub(lambda t: e164.get(t[0], t[0]), text) for _, text in texts]


def shown(
    db: Connection,
    vault: Vault,
    text: str,
    workspace_id: UUID | None = None,
    *,
    masked: bool = True,
) -> str:
    """The text with every token replaced by its number: for the people who may look at it. Without
    a workspace for the operator's own commands."""
    tokens = set(TOKEN.findall(text))
    if not tokens:
        return text
    found = rows(
        db,
        """SELECT workspace_id, phone FROM numbers WHERE phone = ANY(:tokens)
           AND (CAST(:id AS uuid) IS NULL OR workspace_id = :id)""",
        tokens=list(tokens),
        id=workspace_id,
    )
    known = phones(db, vault, map(_who, found))
    words = {token: p.masked if masked else p.e164 for (_, token), p in known.items()}
    return TOKEN.sub(lambda t: words.get(t[0], _GONE), text)


def unnamed(text: str) -> str:
    """The text with «this number» for every token: for other systems, which know whose it is."""
    return TOKEN.sub("this number", text)


def _who(row: Row) -> Who:
    return row["workspace_id"], row["phone"]


def _place(workspace_id: UUID, token: str) -> bytes:
    return place(workspace_id, "numbers", "sealed", token)
