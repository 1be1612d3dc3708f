"""Who a message comes from: fixed words, or a template of the language, as carriers take a name."""

import re
import unicodedata
from collections.abc import Mapping

from hub.compose.alphabet import transliterate
from hub.compose.declared import variables_for
from hub.compose.faults import RenderError
from hub.compose.language import compile_template, render

MOST = 11  # characters of a name; the least are 3, and one is a letter

_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11}")
_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_OTHER = re.compile("[^A-Za-z0-9]+")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O"})


class UnfitSender(RenderError):
    """What came out is no name that a carrier takes."""


def is_name(sender: str) -> bool:
    """3 to 11 letters, digits and spaces, a letter among them."""
    return _NAME.fullmatch(sender) is not None


def is_number(sender: str) -> bool:
    """A phone number or a short one: it can be answered."""
    return _NUMBER.fullmatch(sender) is not None


def is_template(sender: str) -> bool:
    """Whether it must be filled in."""
    return "{" in sender


def sender_of(
    source: str,
    values: Mapping[str, object],
    *,
    language: str,
    zone: str,
    defaults: Mapping[str, str],
) -> str:
    """The sender for one person; arguments as in `render`. Fixed words come back as they are.

    Raises TemplateError, and RenderError: MissingVariable, UnfitSender, as `render` does.
    """
    if not is_template(source):
        return source
    template = compile_template(source, variables_for())
    filled = render(template, values, language=language, zone=zone, defaults=defaults).text
    name = plain(filled)
    if len(filled) <= MOST:
        name = name[:MOST].rstrip()  # ß has become ss
    if not is_name(name):
        raise UnfitSender(
            f"The sender would be «{filled[:40]}». It takes 3 to {MOST} letters and digits, at "
            "least one letter. Cut a variable with truncate_gsm, or write a fixed name."
        )
    return name


def plain(words: str) -> str:
    """Letters without accents, digits and single spaces: "Creperie d Ete" of "Crêperie d'Été"."""
    spelled = unicodedata.normalize("NFKD", transliterate(words)).translate(_LETTERS)
    bare = "".join(c for c in spelled if not unicodedata.combining(c))
    return _OTHER.sub(" ", bare).strip()
