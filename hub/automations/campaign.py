"""Campaigns: a file of people becomes messages, each line once however often it is tried. Whether a
message may go (consent, hours, caps) is judged when it leaves, as for every other."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

import orjson

from hub.automations.campaign_file import Bad, CampaignFile, Line
from hub.automations.wordings import channel_of
from hub.compose.declared import variables_for
from hub.compose.faults import RenderError, TemplateError
from hub.compose.language import compile_template, render
from hub.compose.segments import count, with_stop
from hub.store import campaigns, numbers
from hub.store.database import Database, Row, new_id
from hub.store.numbers import Number, number_of
from hub.store.prices import Price, amount_of
from hub.store.sealing import Vault

CHUNK = 5_000
_TRIED = 200  # people whose text is written to say what it costs
_ASKED = "Asked for by a campaign: «{name}»."
_LINK = "https://lnk.example/3fKx9QbT0a"


class Cancelled(RuntimeError):
    """The campaign was stopped, by whoever: nothing more of it is planned."""


@dataclass
class Survey:
    """What a file holds: people by country, what is wrong, and their text's usual length in parts.
    `problem` says why somebody's text cannot be written."""

    countries: Counter[str] = field(default_factory=Counter)
    consents: Counter[str] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)
    parts: float = 1.0
    problem: str = ""

    @property
    def people(self) -> int:
        """Who would be sent to, if everybody may."""
        return self.countries.total()

    def cost(self, prices: Mapping[tuple[str, str], Price], channel: str) -> dict[str, str]:
        """About what it costs, by currency; people whose price is not known are left out."""
        sums: Counter[str] = Counter()
        for country, people in self.countries.items():
            price = prices.get((channel, country)) or prices.get((channel, ""))
            if price is not None:
                paid = Decimal(people) * Decimal(str(self.parts if channel == "sms" else 1))
                sums[price[1]] += int(price[0] * paid)
        return {currency: amount_of(micros) for currency, micros in sums.items()}


def survey(
    file: CampaignFile, shop: Row, template: Row, tick: Callable[[int], object] = lambda n: None
) -> Survey:
    """Read the whole file, and write the first people's text. Raises BadFile."""
    found, tried = Survey(), list[Line]()
    for line in file.lines():
        if isinstance(line, Bad):
            found.bad.append(line)
            continue
        found.countries[line.phone.country] += 1
        found.consents[line.consent] += 1
        if len(tried) < _TRIED:
            tried.append(line)
        if found.people % CHUNK == 0:
            tick(found.people)
    if tried:
        _weigh(found, tried, shop, template)
    return found


def _weigh(found: Survey, tried: Iterable[Line], shop: Row, template: Row) -> None:
    parts = []
    for line in tried:
        try:
            parts.append(_parts(line, shop, template))
        except (RenderError, TemplateError) as error:
            found.problem = found.problem or f"Line {line.n}: {error}"
    found.parts = round(sum(parts) / len(parts), 2) if parts else 1.0


def _parts(line: Line, shop: Row, template: Row) -> int:
    language = line.language or shop["language"]
    source = template["texts"].get(language) or next(iter(template["texts"].values()))
    text = render(
        compile_template(source, variables_for()),
        _variables(line, shop),
        language=language,
        zone=shop["zone"],
        defaults=template["defaults"],
        shorten=lambda *_: _LINK,
    ).text
    whole = with_stop(text, shop["stop_code"]) if template["kind"] == "marketing" else text
    return count(whole).parts


def _variables(line: Line, shop: Row) -> dict[str, Any]:
    names = {"first_name": line.first_name, "last_name": line.last_name, "brand": shop["brand"]}
    return {**line.variables, **names}


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
        lines = (line for line in self.file.lines() if isinstance(line, Line))
        ahead = (line for line in lines if line.n > self.row["line"])
        while chunk := list(islice(ahead, CHUNK)):
            made += self._pour(database, chunk, clock())
            tick(chunk[-1].n)
        with database.begin() as db:
            campaigns.finish(db, self.row["id"], clock())
        return made

    def _pour(self, database: Database, chunk: list[Line], now: datetime) -> int:
        with database.begin() as db:
            stands = campaigns.lock(db, self.row["id"])
            if stands is None or stands["state"] == "cancelled":
                raise Cancelled("The campaign was stopped; what had not left yet stays here.")
            news = [line for line in chunk if line.n > stands["line"]]
            if not news:
                return 0  # somebody else sends the same file at this moment
            whose = self.shop["id"]
            named = [number_of(self.vault, whose, line.phone) for line in news]
            numbers.keep_all(db, self.vault, ((whose, number) for number in named))
            staged = map(self._staged, news, named)
            made = campaigns.pour(db, stands, staged, now=now, **self._common())
            campaigns.come_to(db, stands["id"], news[-1].n, made, now)
        return made

    def _common(self) -> dict[str, Any]:
        sentence = _ASKED.format(name=self.row["name"])
        check = {"asked": "Who asks?", "seen": self.row["name"], "verdict": "yes",
                 "sentence": sentence, "data": {}}  # fmt: skip
        record = {
            "asked": "campaign",
            "automation": {"name": f"Campaign {self.row['name']}"},
            "campaign": str(self.row["id"]),
            "action": "send",
            "checks": [check],
        }
        return {
            "kind": self.template["kind"],
            "channel": channel_of(self.template, ""),
            "language": self.shop["language"],
            "zone": self.shop["zone"],
            "checks": orjson.dumps([check]).decode(),
            "record": orjson.dumps(record).decode(),
        }

    def _staged(self, line: Line, number: Number) -> tuple[Any, ...]:
        """Its row for COPY, in the order of `campaigns.STAGED`. The ids are made of the campaign
        and the number's token, so that the same line is the same message."""
        message, decision = _names(self.row, number.token)
        source = line.consent_source or f"import:{self.row['name']}"
        return (
            new_id(), decision, message, new_id(), number.token, number.country,
            line.first_name, line.last_name, line.email, line.language, line.consent,
            line.consent_at, source, line.consent_text,
            orjson.dumps(_variables(line, self.shop)).decode(),
        )  # fmt: skip


def _names(campaign: Row, token: str) -> Iterator[UUID]:
    """The message's id and its decision's: as UUIDv7 of the campaign's own instant, the rest of
    their bits drawn from the campaign and the number's token."""
    drawn = hashlib.blake2b(campaign["id"].bytes + token.encode(), digest_size=32).digest()
    instant = campaign["id"].int >> 80 << 80
    for half in (drawn[:16], drawn[16:]):
        bits = int.from_bytes(half)
        finer, rest = bits >> 116, bits & (1 << 62) - 1
        yield UUID(int=instant | 7 << 76 | finer << 64 | 2 << 62 | rest)
