"""Listeners: endpoints as people make and change them, by a page or by the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.contract.addresses import fault_in
from hub.contract.outbound import opened_inwards
from hub.report.signing import new_secret
from hub.store import endpoints, tellings
from hub.store.database import Row, new_id
from hub.store.endpoints import Wanted
from hub.store.ground import Ground

LONGEST_LABEL = 80
OLD_SIGNS_FOR = timedelta(hours=24)  # a secret that was replaced


@dataclass
class Unusable(Exception):
    """What cannot be, a sentence by field: url, types, label, whole_numbers."""

    faults: Mapping[str, str] = field(default_factory=dict)


def wanted(url: str, types: Sequence[str], label: str, whole_numbers: bool) -> Wanted:
    """What somebody typed, as it can be kept. Raises Unusable with every fault."""
    url, label = url.strip(), label.strip()
    chosen = [one for one in tellings.TYPES if one in types]
    unknown = [one for one in types if one not in tellings.TYPES]
    faults = {
        "url": fault_in(url, opened_inwards()),
        "types": f"There is no event «{unknown[0][:40]}»." if unknown else _none(chosen),
        "label": "" if len(label) <= LONGEST_LABEL else "Use 80 characters at most.",
    }
    if any(faults.values()):
        raise Unusable({name: words for name, words in faults.items() if words})
    return Wanted(url, chosen, label, whole_numbers)


def _none(chosen: Sequence[str]) -> str:
    return "" if chosen else "Choose at least one event."


def add(ground: Ground, db: Connection, workspace_id: UUID, given: Wanted) -> tuple[UUID, str]:
    """A new endpoint; its id and its secret, shown this once. Raises Unusable."""
    if len(endpoints.listed(db, workspace_id)) >= endpoints.MOST:
        words = f"A workspace has {endpoints.MOST} endpoints at most. Remove one first."
        raise Unusable({"url": words})
    made, secret = new_id(), new_secret()
    sealed = endpoints.sealed_secret(ground.vault, workspace_id, made, secret)
    endpoints.add(db, workspace_id, made, given, sealed, ground.clock())
    return made, secret


def rotate(ground: Ground, db: Connection, endpoint: Row) -> str:
    """A new secret, shown this once; the one before it signs too for a day. Raises CannotUnseal."""
    now, who = ground.clock(), (endpoint["workspace_id"], endpoint["id"])
    old = endpoints.secrets_of(ground.vault, endpoint, now)[0]
    secret = new_secret()
    endpoints.rotate(
        db,
        endpoint,
        endpoints.sealed_secret(ground.vault, *who, secret),
        endpoints.sealed_old(ground.vault, *who, old),
        now + OLD_SIGNS_FOR,
    )
    return secret
