"""Reading the gallery: one folder per scenario, one file per language and channel.

`scenario.txt` holds what the languages share, `fr.sms.txt` a French SMS (lines of "key: value",
then "---", then the text), `fr.rcs.json` its RCS: {"title", "advice", "document"}. All are meant
to be read and written by a merchant.
"""

import json
import re
from pathlib import Path
from typing import Any, cast

from hub.compose.coupons import NotACoupon, coupon_from
from hub.compose.gallery.lines import GalleryError, Lines, keys_of, parted, parts_of, read_text
from hub.compose.gallery.scenario import Kind, Scenario, Text
from hub.contract import VOCABULARY

_KINDS = ("marketing", "transactional")
_PAGES = ("basket", "appointment", "offer")
_SHARED = "scenario.txt"
_FILE = re.compile(r"(?P<language>[a-z]{2})\.(?P<channel>sms\.txt|rcs\.json)")
_BESIDE = re.compile(r"README\.md|\..*")  # no texts of this gallery, yet welcome
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEYS = ("event", "kind", "variables", "sector", "page", "coupon", "replies")


def load(folder: Path) -> tuple[Scenario, ...]:
    """Every scenario under the folder, by slug. Raises GalleryError at the first wrong file."""
    folders = sorted(f for f in folder.iterdir() if f.is_dir() and f.name[0] not in "._")
    return tuple(_scenario(one) for one in folders)


def _scenario(folder: Path) -> Scenario:
    shared = folder / _SHARED
    if not _SLUG.fullmatch(folder.name):
        raise GalleryError(shared, 1, "A folder's name has small letters, digits and hyphens only.")
    if not shared.is_file():
        raise GalleryError(shared, 1, "The file is missing. Write kind and variables in it.")
    lines = keys_of(shared, read_text(shared).split("\n"), _KEYS)
    kind = _word(lines, "kind", _KINDS, lines.need("kind"))
    variables = _variables(lines)
    return Scenario(
        folder.name,
        lines.listed("event"),
        cast("Kind", kind),
        variables,
        tuple(_text(file, variables) for file in sorted(folder.iterdir()) if _is_text(file)),
        lines.get("sector"),
        _word(lines, "page", _PAGES, lines.get("page")),
        _coupon(lines),
        _word(lines, "replies", ("yes", "no"), lines.get("replies")) == "yes",
    )


def _variables(lines: Lines) -> tuple[str, ...]:
    lines.need("variables")
    for name in lines.listed("variables"):
        if not _NAME.fullmatch(name):
            raise lines.refuse("variables", f"«{name}» is not a variable name.")
    for event in lines.listed("event"):
        if event not in VOCABULARY:
            raise lines.refuse("event", f"«{event}» is not an event of the hub.")
    return lines.listed("variables")


def _word(lines: Lines, key: str, known: tuple[str, ...], value: str) -> str:
    if value and value not in known:
        raise lines.refuse(key, f"The {key} is {' or '.join(known)}.")
    return value


def _coupon(lines: Lines) -> dict[str, Any] | None:
    if "coupon" not in lines.values:
        return None
    try:
        return coupon_from(lines.get("coupon"))
    except NotACoupon as wrong:
        raise lines.refuse("coupon", str(wrong)) from None


def _is_text(file: Path) -> bool:
    if _FILE.fullmatch(file.name):
        return True
    if file.name != _SHARED and not _BESIDE.fullmatch(file.name):
        words = "The name is not like «fr.sms.txt» or «fr.rcs.json». Rename or remove the file."
        raise GalleryError(file, 1, words)
    return False


def _text(file: Path, variables: tuple[str, ...]) -> Text:
    return (_rcs if file.name.endswith(".json") else _sms)(file, variables)


def _sms(file: Path, variables: tuple[str, ...]) -> Text:
    head, line, body = parted(file, read_text(file).split("\n"))
    lines = keys_of(file, head, ("title", "advice", "parts"), ("default ",))
    if not body:
        raise GalleryError(file, line, "There is no text below «---». Write the message.")
    title, advice = lines.need("title"), lines.need("advice")
    parts, why = parts_of(lines)
    defaults = _defaults(lines, variables)
    return Text(file.name[:2], "sms", title, advice, body, defaults, parts, why)


def _rcs(file: Path, variables: tuple[str, ...]) -> Text:
    try:
        found = json.loads(read_text(file))
    except json.JSONDecodeError as wrong:
        raise GalleryError(file, wrong.lineno, "This is not JSON. Correct the line.") from None
    if not isinstance(found, dict) or set(found) != {"title", "advice", "document"}:
        raise GalleryError(file, 1, "Write an object with title, advice and document.")
    title, advice = str(found["title"]), str(found["advice"])
    return Text(file.name[:2], "rcs", title, advice, document=found["document"])


def _defaults(lines: Lines, variables: tuple[str, ...]) -> dict[str, str]:
    """From lines like "default first_name: dear customer"."""
    defaults = {}
    for key, (line, value) in lines.values.items():
        prefix, _, name = key.partition(" ")
        if prefix == "default" and name not in variables:
            words = f"«{name}» is not one of the scenario's variables."
            raise GalleryError(lines.file, line, words)
        if prefix == "default":
            defaults[name] = value
    return defaults
