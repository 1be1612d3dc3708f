"""People brought in from a file: each line read as a person or refused with a reason, what would
come of all of them, and the lines themselves, some thousands in a transaction."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.compose.columns import CONSENTS, is_email
from hub.contract import NotAPhone, Phone
from hub.intake.by_hand import OURS
from hub.store import consent, imports, people, records
from hub.store.database import Row, new_id
from hub.store.numbers import Number, number_of
from hub.store.sealing import Vault

EACH = 2000  # lines in one transaction
FILE = "file"  # where a word comes from that does not say it
_ASKED = 5000
_DAYS = ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M")


@dataclass(frozen=True)
class Plan:
    """How a file is read: `columns` say where each part stands, `country` (ISO 3166) where national
    numbers belong, `everyone` that all of them agreed; `where` and `since` are the evidence of
    those whose line has none of its own, `wording` what they agreed to."""

    columns: Mapping[str, int]
    country: str
    everyone: bool = False
    where: str = ""
    since: datetime | None = None
    wording: str = ""


@dataclass(frozen=True)
class Person:
    """One line. `verdict` is granted, withdrawn or empty; `unproven` says that an agreement was
    claimed without its evidence."""

    line: int
    number: Number
    first_name: str
    last_name: str
    email: str
    language: str
    verdict: str = ""
    source: str = ""
    said_at: datetime | None = None
    unproven: bool = False


@dataclass(frozen=True)
class Bad:
    """A line that is nobody's; `why` is no_phone, bad_phone, landline, twice, bad_consent or
    bad_date."""

    line: int
    why: str


@dataclass
class Survey:
    """What would come of a file: `counts` are lines, people, new, known, agree, refuse, unproven,
    stopped; `shown` are the first people."""

    counts: Counter[str] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)
    shown: list[Person] = field(default_factory=list)
    known: set[str] = field(default_factory=set)


class _Unfit(ValueError):
    """Why one line is not used."""


def read(
    vault: Vault,
    workspace_id: UUID,
    plan: Plan,
    cells: imports.Cells,
    now: datetime,
    first: int = 1,
) -> Iterator[Person | Bad]:
    """Lines as people. The headings are line 1 of the file, so the first of `cells` is 2."""
    seen: set[str] = set()
    for n, line in enumerate(cells, first + 1):
        said = {part: line[at].strip() for part, at in plan.columns.items() if at < len(line)}
        try:
            found = _person(vault, workspace_id, plan, n, said, now)
        except _Unfit as why:
            yield Bad(n, str(why))
            continue
        if found.number.token in seen:
            yield Bad(n, "twice")
            continue
        seen.add(found.number.token)
        yield found


def survey(
    db: Connection,
    vault: Vault,
    workspace_id: UUID,
    plan: Plan,
    cells: imports.Cells,
    now: datetime,
) -> Survey:
    """What would come of the whole file; nothing is kept."""  # fmt: skip
    found, everyone = Survey(), list[Person]()
    found.counts["lines"] = len(cells)
    for one in read(vault, workspace_id, plan, cells, now):
        if isinstance(one, Bad):
            found.bad.append(one)
        else:
            everyone.append(one)
    found.shown = everyone[:20]
    found.counts["people"] = len(everyone)
    for one in everyone:
        found.counts[{"granted": "agree", "withdrawn": "refuse"}.get(one.verdict, "silent")] += 1
        found.counts["unproven"] += one.unproven
    for begin in range(0, len(everyone), _ASKED):
        _compare(db, workspace_id, everyone[begin : begin + _ASKED], found)
    return found


def _compare(db: Connection, workspace_id: UUID, some: Sequence[Person], found: Survey) -> None:
    """Count whom the hub knows, and who is stopped: a file never takes that back."""
    tokens = [one.number.token for one in some]
    known = people.known(db, workspace_id, tokens)
    stands = consent.standing(db, [workspace_id], tokens)
    found.known |= known
    found.counts["known"] += len(known)
    found.counts["new"] += len(some) - len(known)
    found.counts["stopped"] += sum(one.stop is not None for one in stands.values())


def bring(
    db: Connection, vault: Vault, found: Row, plan: Plan, cells: imports.Cells, now: datetime
) -> int:
    """The next lines of an import that this transaction holds: people, numbers, words of consent.
    Whoever is in already is only completed. Up to which line it came."""
    begin = int(found["at_line"])
    some = cells[begin : begin + EACH]
    bad = {line for line, _ in found["bad"]}
    workspace_id = found["workspace_id"]
    read_now = read(vault, workspace_id, plan, some, now, begin + 1)
    kept = [one for one in read_now if isinstance(one, Person) and one.line not in bad]
    named = [(workspace_id, one.number) for one in kept]
    people.keep_named(db, vault, named, [_row(workspace_id, one) for one in kept])
    words = [_word(workspace_id, plan, one) for one in kept if one.verdict]
    records.spread(db, consent.add_all(db, words), now)
    imports.come_to(db, found["id"], begin + len(some), now)
    return begin + len(some)


def _person(
    vault: Vault, workspace_id: UUID, plan: Plan, n: int, said: Mapping[str, str], now: datetime
) -> Person:
    number = number_of(vault, workspace_id, _phone(plan, said))
    verdict, source, at = _word_of(plan, said, now)
    proven = verdict != "granted" or (bool(source) and at is not None)
    email, language = said.get("email", ""), said.get("language", "")[:2].lower()
    return Person(
        n, number, said.get("first_name", ""), said.get("last_name", ""),
        email if is_email(email) else "", language if language.isalpha() else "",
        verdict if proven else "", source or FILE, at or now, not proven,
    )  # fmt: skip


def _phone(plan: Plan, said: Mapping[str, str]) -> Phone:
    typed = said.get("phone", "")
    if not typed:
        raise _Unfit("no_phone")
    country = said.get("country", "").upper()
    try:
        phone = Phone.parse(typed, country if len(country) == 2 else plan.country)
    except NotAPhone:
        raise _Unfit("bad_phone") from None
    if phone.kind == "landline":
        raise _Unfit("landline")
    return phone


def _word_of(
    plan: Plan, said: Mapping[str, str], now: datetime
) -> tuple[str, str, datetime | None]:
    """(granted, withdrawn or nothing, where from, since when)."""
    typed = said.get("consent", "").lower()
    if typed and typed not in CONSENTS:
        raise _Unfit("bad_consent")
    verdict = CONSENTS[typed] if typed else ("granted" if plan.everyone else "")
    if not verdict:
        return "", "", None
    source = said.get("consent_source", "")[:100] or plan.where
    at = _instant(said.get("consent_at", ""), now) or plan.since
    return verdict, FILE if source.lower() in OURS else source, at


def _instant(typed: str, now: datetime) -> datetime | None:
    """A day or a moment, as ISO 8601 or with the day first; without a zone it is UTC."""
    if not typed:
        return None
    found = _parsed(typed)
    at = found if found.tzinfo else found.replace(tzinfo=UTC)
    if not 1970 <= at.year <= 2200 or at > now:
        raise _Unfit("bad_date")
    return at


def _parsed(typed: str) -> datetime:
    try:
        return datetime.fromisoformat(typed)
    except ValueError:
        pass
    for form in _DAYS:
        try:
            return datetime.strptime(typed, form)  # noqa: DTZ007 - its zone is set by the caller
        except ValueError:
            continue
    raise _Unfit("bad_date")


def _row(workspace_id: UUID, one: Person) -> dict[str, Any]:
    return {
        "id": new_id(), "workspace_id": workspace_id, "phone": one.number.token,
        "country": one.number.country, "first_name": one.first_name, "last_name": one.last_name,
        "email": one.email, "language": one.language, "zone": "",
    }  # fmt: skip


def _word(workspace_id: UUID, plan: Plan, one: Person) -> dict[str, Any]:
    return {
        "id": new_id(), "workspace_id": workspace_id, "phone": one.number.token,
        "verdict": one.verdict, "source": one.source, "connection_id": None,
        "said_at": one.said_at, "wording": plan.wording,
    }  # fmt: skip


def since_of(day: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day that a form gave, in UTC; None for what is none."""
    try:
        begins = datetime.combine(datetime.fromisoformat(day).date(), time(), zone)
    except ValueError:
        return None
    return begins.astimezone(UTC) if 1970 <= begins.year <= 2200 else None
