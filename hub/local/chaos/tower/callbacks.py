"""What the tower tells later: signed, many receipts in one call. Bytes only."""

import hashlib
from collections.abc import Mapping, Sequence

import orjson

from hub.contract import Receipt, Rejected, Reply, Request
from hub.local.chaos.signing import SIGNATURE, is_signed


def verify(request: Request, secrets: Mapping[str, str]) -> None:
    """Raises Rejected unless the body was signed with the account's signing key."""
    if not is_signed(request.body, secrets.get("signing_key", ""), request.header(SIGNATURE)):
        raise Rejected("The callback is not signed with this account's key.")


def dedupe(request: Request) -> str:
    """The same body is the same callback."""
    return hashlib.sha256(request.body).hexdigest()


def receipts(request: Request) -> Sequence[Receipt]:
    """The receipts of one call. Raises ValueError when it cannot be read."""
    given = orjson.loads(request.body).get("receipts", [])
    return [Receipt(str(r["id"]), str(r["reference"]), str(r["state"])) for r in given]


def replies(request: Request) -> Sequence[Reply]:
    """The replies of one call."""
    given = orjson.loads(request.body).get("replies", [])
    return [Reply(str(r["id"]), str(r["from"]), str(r["text"])) for r in given]
