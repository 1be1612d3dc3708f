"""Everything the hub keeps of one person, for whoever asks for theirs."""

from typing import Any

from sqlalchemy import Connection

from hub.store import forgetting, intakes
from hub.store.database import Row
from hub.store.sealing import CannotUnseal, Vault

# Digests, and columns that only find what other columns say.
_UNTOLD = ("sealed", "dedupe_key", "text_hash", "found_first", "found_last", "found_email")


def everything(db: Connection, vault: Vault, shop: Row, token: str, number: str) -> dict[str, Any]:
    """By noun, as plain rows; the requests that told of them are opened."""
    kept = forgetting.of_person(db, shop["id"], token)
    for intake in kept["intakes"]:
        intake["request"] = _request(vault, intake)
    plain = {
        noun: [{name: v for name, v in one.items() if name not in _UNTOLD} for one in found]
        for noun, found in kept.items()
    }
    return {"workspace": shop["name"], "number": number, **plain}


def _request(vault: Vault, intake: Any) -> dict[str, Any]:
    try:
        request = intakes.request_of(vault, intake)
    except CannotUnseal as problem:
        return {"gone": str(problem)}
    body = request.body.decode("utf-8", "replace")
    return {"method": request.method, "query": dict(request.query), "body": body}
