"""Campaigns: a file of people becomes messages, each line once however often it is tried. Whether a
message may go (consent, hours, caps) is judged when it leaves, as for every other."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from typing import Any, TypeVar

import orjson

from hub.automations.campaign_file import CampaignFile, Line
from hub.automations.wordings import channel_of
from hub.store import campaigns, decisions, numbers
from hub.store.campaigns import Staged
from hub.store.database import Database, Row, new_id
from hub.store.numbers import Number, number_of, zones_of_area
from hub.store.sealing import Vault

CHUNK = 5_000
_ASKED = "Asked for by a campaign: «{name}»."
# The letters of a token, in the order PostgreSQL sorts them, as digits that int() knows.
_DIGITS = str.maketrans("234567abcdefghijklmnopqrstuvwxyz", "0123456789abcdefghijklmnopqrstuv")

T = TypeVar("T")


class Cancelled(RuntimeError):
    """The campaign was stopped, by whoever: nothing more of it is planned."""


@dataclass(frozen=True)
class Campaign:
    """A campaign under way, in its workspace, with the template it sends."""

    row: Row
    shop: Row
    template: Row
    file: CampaignFile
    vault: Vault

    def pour(
        self,
        database: Database,
        clock: Callable[[], datetime],
        tick: Callable[[int], object] = lambda line: None,
    ) -> int:
        """Plan a message for each person who has none yet, thousands in a transaction; it may be
        killed at any point and run again. How many were new. Raises BadFile and Cancelled."""
        made = 0
        for chunk in one_ahead(self._chunks()):
            made += self._pour(database, chunk, clock())
            tick(max(chunk))
        with database.begin() as db:
            campaigns.finish(db, self.row["id"], clock())
        return made

    def _chunks(self) -> Iterator[dict[int, Staged]]:
        """The people of the file as they will be kept, thousands at a time, by their line."""
        lines = (line for line in self.file.lines() if isinstance(line, Line))
        ahead = (line for line in lines if line.n > self.row["line"])
        while chunk := list(islice(ahead, CHUNK)):
            yield self._staged(chunk)

    def _pour(self, database: Database, chunk: Mapping[int, Staged], now: datetime) -> int:
        with database.begin() as db:
            stands = campaigns.lock(db, self.row["id"])
            if stands is None or stands["state"] == "cancelled":
                raise Cancelled("The campaign was stopped; what had not left yet stays here.")
            news = [one for line, one in chunk.items() if line > stands["line"]]
            if not news:
                return 0  # somebody else sends the same file at this moment
            decisions.add_all(db, [self._decision(now)] if not stands["line"] else [])
            made = campaigns.pour(db, stands, news, now=now, **self._common())
            campaigns.come_to(db, stands["id"], max(chunk), made, now)
        return made

    def _common(self) -> dict[str, str]:
        return {
            "source": f"import:{self.row['name']}",
            "kind": self.template["kind"],
            "channel": channel_of(self.template, ""),
            "language": self.shop["language"],
            "zone": self.shop["zone"],
        }

    def _decision(self, now: datetime) -> dict[str, Any]:
        """The one decision of whoever sends the file: the same for all of its people, so it stands
        once, under the campaign's own id."""
        name = self.row["name"]
        check = {"asked": "Who asks?", "seen": name, "verdict": "yes",
                 "sentence": _ASKED.format(name=name), "data": {}}  # fmt: skip
        return {
            "id": self.row["id"],
            "workspace_id": self.shop["id"],
            "phone": "",
            "action": "send",
            "reason": "",
            "checks": [check],
            "record": {
                "asked": "campaign",
                "automation": {"name": f"Campaign {name}"},
                "campaign": str(self.row["id"]),
                "action": "send",
                "checks": [check],
            },
            "decided_at": now,
        }

    def _staged(self, lines: Sequence[Line]) -> dict[int, Staged]:
        """Their rows, by their line in the file."""
        whose = self.shop["id"]
        named = [number_of(self.vault, whose, line.phone) for line in lines]
        sealed = numbers.seal_all(self.vault, whose, named)
        fresh = _fresh_ids()
        return {
            line.n: self._row(line, number, seal, fresh)
            for line, number, seal in zip(lines, named, sealed, strict=True)
        }

    def _row(self, line: Line, number: Number, sealed: bytes, fresh: Iterator[str]) -> Staged:
        phone, at = line.phone, line.consent_at
        return Staged(
            number.token, sealed, phone.country, phone.kind, zones_of_area(phone.e164),
            next(fresh), _name(self.row, number.token), next(fresh),
            line.first_name, line.last_name, line.email, line.language,
            line.consent, at.isoformat() if at else None, line.consent_source, line.consent_text,
            orjson.dumps(line.values(self.shop["brand"])).decode(),
        )  # fmt: skip


def one_ahead(made: Iterator[T]) -> Iterator[T]:
    """The same things, the next of them made while this one is used: PostgreSQL writes one chunk
    while Python reads the next."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, made, None)
        while (this := coming.result()) is not None:
            coming = beside.submit(next, made, None)
            yield this


def _fresh_ids() -> Iterator[str]:
    """New ids one after the other, as hexadecimal digits: UUIDv7 that share an instant."""
    first = new_id().int >> 32 << 32
    return map("{:032x}".format, count(first))


def _name(campaign: Row, token: str) -> str:
    """The message's id, always the same for this number in this campaign: a UUIDv7 of the
    campaign's own instant. The rest begins as the token does, so that a chunk sorted by number is
    sorted by id: it enters each index in one sweep, and leaves in the order it lies in."""
    drawn = hashlib.blake2b(campaign["id"].bytes + token.encode(), digest_size=6).digest()
    bits = int(token[1:7].translate(_DIGITS), 32) << 44 | int.from_bytes(drawn) >> 4
    finer, rest = bits >> 62, bits & (1 << 62) - 1
    return f"{campaign['id'].int >> 80 << 80 | 7 << 76 | finer << 64 | 2 << 62 | rest:032x}"
