"""Which column means what: as the merchant mapped it, or by the names people usually give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from hub.contract import Refused

from .grid import Cell, Grid, plain, text

TEXTS = tuple(f"text_{n}" for n in range(1, 6))

# English, French, Spanish, Italian, German; the likeliest first.
_USUAL: Mapping[str, str] = {
    "phone": "mobile|mobile phone|mobile number|phone|phone number|telephone|portable|tel portable|"
    "telephone portable|numero de telephone|tel|gsm|movil|telefono movil|telefono|celular|"
    "cellulare|numero di telefono|handy|handynummer|mobilnummer|telefon|telefonnummer|sms",
    "first_name": "first name|firstname|given name|prenom|nombre|nome|vorname|name",
    "last_name": "last name|lastname|surname|family name|nom|nom de famille|apellido|apellidos|"
    "cognome|nachname",
    "email": "email|e-mail|mail|email address|courriel|adresse e-mail|correo|correo electronico|"
    "posta elettronica|indirizzo email|e-mail-adresse",
    "language": "language|lang|langue|idioma|lingua|sprache",
    "consent": "consent|sms consent|opt-in|optin|sms opt-in|marketing|consentement|accord sms|"
    "accepte les sms|consentimiento|acepta sms|consenso|accetta sms|einwilligung|zustimmung",
    "status": "status|state|statut|etat|estado|stato|stand",
    "date": "date|due date|appointment|echeance|rendez-vous|date du rendez-vous|fecha|cita|data|"
    "scadenza|appuntamento|datum|termin|faellig am|fallig am",
}
MEANINGS = (*_USUAL, *TEXTS)


@dataclass(frozen=True)
class Own:
    """The titles of the hub's own columns."""

    id: str = "Relais ID"
    status: str = "Relais status"
    at: str = "Relais at"
    reply: str = "Relais reply"
    note: str = "Relais note"
    consent: str = "Relais consent"
    log: str = "Relais log"

    @classmethod
    def of(cls, settings: Mapping[str, str]) -> "Own":
        """As the settings name them."""
        named = {
            n: settings.get(f"{n}_column", "").strip() for n in ("id", "status", "at", "reply")
        }
        return cls(**{name: title for name, title in named.items() if title})

    def holds(self, title: str) -> bool:
        """Whether this header is one of ours."""
        return plain(title) in {plain(own) for own in vars(self).values()}


@dataclass(frozen=True)
class Columns:
    """Where each meaning stands (`at`), under which header, and what is `missing`, in words."""

    own: Own
    at: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A short name for this mapping: another one gives every row another content."""
        pairs = sorted((meaning, plain(title)) for meaning, title in self.titles.items())
        return sha256(repr(pairs).encode()).hexdigest()[:8]

    def values(self, grid: Grid, row: int) -> dict[str, Cell]:
        """A row's cells by meaning."""
        return {meaning: grid.value(row, column) for meaning, column in self.at.items()}


def columns_of(grid: Grid, settings: Mapping[str, str]) -> Columns:
    """The mapping for this header. Raises Refused where there is no header at all."""
    own = Own.of(settings)
    if not any(title and not own.holds(title) for title in grid.header):
        raise Refused(f"Row {grid.head + 1} of «{grid.title}» is empty. Name the columns there.")
    at, missing = dict[str, int](), list[str]()
    for meaning in MEANINGS:
        named = settings.get(f"column_{meaning}", "").strip()
        column = grid.column(named) if named else _usual(grid, meaning, own, at)
        if named and own.holds(named):
            missing.append(f"«{named}» belongs to Relais. Choose another column.")
        elif column is not None:
            at[meaning] = column
        elif named:
            missing.append(f"The column «{named}» is not in row {grid.head + 1}.")
    titles = {meaning: grid.header[column] for meaning, column in at.items()}
    return Columns(own, at, titles, tuple(missing))


def whole(columns: Columns) -> Columns:
    """The same, where nothing that the settings name is missing. Raises Refused."""
    if columns.missing:
        raise Refused(f"{columns.missing[0]} No row is read until it is put right.")
    return columns


def twice(grid: Grid) -> list[str]:
    """Headers that stand more than once: only the first is read."""
    seen = [plain(title) for title in grid.header if plain(title)]
    return sorted({text(t) for t in grid.header if plain(t) and seen.count(plain(t)) > 1})


def _usual(grid: Grid, meaning: str, own: Own, taken: Mapping[str, int]) -> int | None:
    for name in _USUAL.get(meaning, "").split("|"):
        column = grid.column(name) if name else None
        if column is not None and column not in taken.values() and not own.holds(name):
            return column
    return None
