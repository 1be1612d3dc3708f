"""A campaign's file: people as CSV, read line by line; each line is a person, or says why not."""

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TextIO

from hub.compose.columns import CONSENTS, HEADINGS, plain
from hub.compose.declared import variables_for
from hub.contract import NotAPhone, Phone

PARTS = ("phone", "first_name", "last_name", "email", "language", "consent", "consent_at",
         "consent_source", "consent_text")  # fmt: skip
_MOST_COLUMNS, _LONGEST = 200, 1000
_SIMPLE = frozenset(v.name for v in variables_for() if v.kind in ("text", "url"))


class BadFile(ValueError):
    """The file cannot be used as a whole; the words say why and what to do."""


class Line(NamedTuple):
    """One person. `n` is the line in the file; `consent` is granted, withdrawn or empty.

    A tuple: there is one for each line, and a frozen dataclass takes ten times as long to make.
    """

    n: int
    phone: Phone
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    language: str = ""
    consent: str = ""
    consent_at: datetime | None = None
    consent_source: str = ""
    consent_text: str = ""
    variables: Mapping[str, str] = MappingProxyType({})

    def values(self, brand: str) -> dict[str, str]:
        """What its text is written with."""
        names = {"first_name": self.first_name, "last_name": self.last_name, "brand": brand}
        return {**self.variables, **names}


@dataclass(frozen=True)
class Bad:
    """A line that is nobody's, with the reason for whoever made the file."""

    n: int
    reason: str


class _Unfit(ValueError):
    """Why one line is not used."""


@dataclass(frozen=True)
class CampaignFile:
    """A file of people. `country` (ISO 3166) is where national numbers belong; `columns` names the
    file's own headings by part; `consented_at` is for consents without a date of their own."""

    path: Path
    country: str
    columns: Mapping[str, str] = field(default_factory=dict)
    consented_at: datetime | None = None

    def digest(self) -> bytes:
        """What tells this file from any other."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()

    def lines(self) -> Iterator[Line | Bad]:
        """Every line in order; a number's second line is Bad. Raises BadFile."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                yield from self._read(file)
        except UnicodeDecodeError:
            raise BadFile("The file is not UTF-8. Save it as «CSV UTF-8» and try again.") from None
        except OSError as error:
            raise BadFile(f"The file cannot be read: {error.strerror}.") from None

    def _read(self, file: TextIO) -> Iterator[Line | Bad]:
        rows = csv.reader(file, delimiter=_delimiter(file), strict=True)
        try:
            places = self._places(next(rows, []))
            seen: dict[str, int] = {}
            for row in rows:
                if any(row):
                    yield self._line(rows.line_num, row, places, seen)
        except csv.Error as error:
            words = f"Line {rows.line_num} cannot be read ({error}): a quote may stay open there."
            raise BadFile(words) from None

    def _places(self, header: Sequence[str]) -> dict[str, int]:
        """Where each part and each variable stands. Raises BadFile."""
        if len(header) > _MOST_COLUMNS:
            raise BadFile(f"The file has {len(header):,} columns; {_MOST_COLUMNS} are the most.")
        names = [name.strip() for name in header]
        if not any(names):
            raise BadFile("The first line must name the columns: phone, first_name, …")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            which = f"«{twice[0]}»" if twice[0] else "without a name"
            raise BadFile(f"Two columns are {which}. Give each a name of its own.")
        places = self._parts(names)
        if "phone" not in places:
            raise BadFile("No column holds the phone. Name one «phone», or say which it is.")
        known = {name.lower(): at for at, name in enumerate(names)}
        return {**{name: known[name] for name in _SIMPLE & known.keys()}, **places}

    def _parts(self, names: Sequence[str]) -> dict[str, int]:
        places = {}
        for part in PARTS:
            own = self.columns.get(part)
            if own is not None and own not in names:
                raise BadFile(f"There is no column «{own}» in the file.")
            wanted = (own.lower(),) if own else (part, *HEADINGS.get(part, ()))
            found = [at for at, name in enumerate(names) if plain(name) in wanted]
            if found:
                places[part] = found[0]
        return places

    def _line(
        self, n: int, row: Sequence[str], places: Mapping[str, int], seen: dict[str, int]
    ) -> Line | Bad:
        said = {name: row[at].strip()[:_LONGEST] for name, at in places.items() if at < len(row)}
        try:
            line = self._person(n, said)
        except (NotAPhone, _Unfit) as problem:
            return Bad(n, str(problem))
        first = seen.setdefault(line.phone.e164, n)
        if first != n:
            return Bad(n, f"The number stands in line {first} already.")
        return line

    def _person(self, n: int, said: Mapping[str, str]) -> Line:
        if "\x00" in "".join(said.values()):
            raise _Unfit("It has a character that no text has.")
        get = said.get
        phone = Phone.parse(get("phone", ""), self.country)
        consent, at = _consent(get("consent", ""), get("consent_at", ""), self.consented_at)
        return Line(
            n=n,
            phone=phone,
            first_name=get("first_name", ""),
            last_name=get("last_name", ""),
            email=get("email", ""),
            language=get("language", "")[:2].lower(),
            consent=consent,
            consent_at=at,
            consent_source=get("consent_source", ""),
            consent_text=get("consent_text", ""),
            variables={k: v for k, v in said.items() if v and k in _SIMPLE},
        )


@lru_cache(maxsize=10_000)
def _consent(word: str, since: str, otherwise: datetime | None) -> tuple[str, datetime | None]:
    """(granted, withdrawn or nothing, since when). Raises _Unfit."""
    if not word:
        return "", None
    if word.lower() not in CONSENTS:
        raise _Unfit(f"«{word.lower()[:20]}» is no consent: write yes or no, or leave it empty.")
    at = _instant(since) or otherwise
    if at is None:
        raise _Unfit("It does not say since when: fill in consent_at, as in 2026-05-31.")
    return CONSENTS[word.lower()], at


def _delimiter(file: TextIO) -> str:
    """The most frequent of the usual ones in the first line."""
    first = file.readline(65536)
    file.seek(0)
    return max(",;\t|", key=first.count)


def _instant(text: str) -> datetime | None:
    """An ISO 8601 date or time; without a zone it is UTC. Raises _Unfit."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _Unfit(f"«{text[:20]}» is no date; write it as 2026-05-31.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
