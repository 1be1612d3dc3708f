"""The settings of a connection: which sheet, which columns, what the hub's own are called."""

from hub.contract import Field

from .signing import ADDRESSES

_LABELS = {
    "phone": "Column of the phone",
    "first_name": "Column of the first name",
    "last_name": "Column of the last name",
    "email": "Column of the e-mail address",
    "language": "Column of the language",
    "consent": "Column of the consent to marketing",
    "status": "Column of the status",
    "date": "Column of the date",
} | {f"text_{n}": f"Column of free words {n}" for n in range(1, 6)}

_FOUND = "Left empty, it is found by its usual names."
_SHEET = "Paste it from the browser. Where it ends with #gid=…, that worksheet is meant."
_COUNTRY = "Two letters (FR): for phones that are written without a country code."


_MAPS = ("phone", "language", "consent")


def _column(meaning: str, label: str) -> Field:
    free = meaning.startswith("text")
    return Field(
        f"column_{meaning}",
        label,
        "choice",
        "" if free else _FOUND,
        live=True,
        advanced=free,
        maps=meaning if meaning in _MAPS else "",
    )


SETTINGS: tuple[Field, ...] = (
    Field("sheet", "Address of the sheet", "text", _SHEET, required=True),
    Field("worksheet", "Worksheet", "choice", "Left empty, the first one.", live=True),
    Field("header_row", "Row of the titles", "number", default="1"),
    *(_column(meaning, label) for meaning, label in _LABELS.items()),
    Field(
        "event",
        "What a row is",
        "choice",
        default="row",
        choices=(("row", "A row: added, changed"), ("contact", "A contact: changed")),
    ),
    Field("country", "Default country", help=_COUNTRY, maps="country"),
    Field("zone", "Time zone of dates", help="Left empty, the spreadsheet's own.", advanced=True),
    Field(
        "write_consent",
        "Write opt-outs into the consent column",
        "choice",
        "So that the sheet never says yes where the person said STOP.",
        default="yes",
        choices=(("yes", "Yes"), ("no", "No")),
    ),
    Field("id_column", "Title of the id column", default="Relais ID", advanced=True),
    Field("status_column", "Title of the status column", default="Relais status", advanced=True),
    Field("at_column", "Title of the time column", default="Relais at", advanced=True),
    Field("reply_column", "Title of the reply column", default="Relais reply", advanced=True),
    *ADDRESSES,
)
