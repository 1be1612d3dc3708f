"""What the editor's buttons do to a document, beside keeping it: each is one word and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext

from hub.compose.alphabet import spelling
from hub.compose.language import LONGEST_SOURCE
from hub.compose.lint import Finding
from hub.compose.rcs import edits
from hub.web.pages.templates.form import Place, text_of, with_text

MOST_WORDINGS = 5
_LETTERS = "bcdefg"


class Refused(ValueError):
    """It cannot be done; the words are for the reader, and say what to do."""


@dataclass(frozen=True)
class Done:
    """The document afterwards, where somebody is then, and the part of the page to look at."""

    document: dict[str, Any]
    place: Place
    anchor: str = "text"


Deed = Callable[[dict[str, Any], Place, str, Mapping[str, str]], Done]


def do(document: dict[str, Any], place: Place, deed: str, form: Mapping[str, str]) -> Done:
    """What this button does; an unknown one only keeps. Raises Refused or edits.NotSo."""
    name, _, about = deed.partition(":")
    found: Deed | None = _DEEDS.get(name)
    return found(document, place, about, form) if found else Done(document, place, "")


def mended(source: str, finding: Finding) -> str:
    """The text without this fault: a costly character alone, anything else as the linter says."""
    cheap = instead(finding)
    if cheap is None or finding.span is None:
        return finding.repair or source
    start, end = finding.span
    return source[:start] + cheap + source[end:]


def instead(finding: Finding) -> str | None:
    """How to write a costly character cheaply; None for other findings, and where nobody can."""
    if finding.code != "costly_character":
        return None
    cheap = [spelling(character) for character in finding.names["character"]]
    return None if None in cheap else "".join(map(str, cheap))


def _open(document: dict[str, Any], place: Place, about: str, form: Mapping[str, str]) -> Done:
    what, _, name = about.partition("=")
    if what == "language" and name in document["texts"]:
        return Done(document, replace(place, language=name))
    if what == "variant" and name in ("", *document["variants"]):
        return Done(document, replace(place, variant=name))
    return Done(document, place)


def _insert(document: dict[str, Any], place: Place, about: str, _: Mapping[str, str]) -> Done:
    """Without JavaScript a variable goes to the end of the text."""
    source = text_of(document, place)
    gap = "" if not source or source[-1:].isspace() else " "
    tag = f"{gap}{{{{ {about[:100]} }}}}"
    return Done(with_text(document, place, "texts", (source + tag)[:LONGEST_SOURCE]), place)


def _add_language(document: dict[str, Any], place: Place, _: str, form: Mapping[str, str]) -> Done:
    """A new language begins with the words that are there, to be written anew."""
    new = form.get("new_language", "")
    if len(new) != 2 or not (new.isascii() and new.islower()) or new in document["texts"]:
        raise Refused(gettext("Choose a language that the template does not have yet."))
    start = replace(place, variant="")
    made = with_text(document, replace(start, language=new), "texts", text_of(document, start))
    rich = text_of(document, start, "rich")
    if rich:
        made = with_text(made, replace(start, language=new), "rich", rich)
    return Done(made, replace(start, language=new))


def _drop_language(document: dict[str, Any], place: Place, _: str, form: Mapping[str, str]) -> Done:
    if len(document["texts"]) < 2:
        raise Refused(gettext("This is the only language. A template needs one."))
    gone = place.language
    made = {**document, **_without(document, gone)}
    made["variants"] = {n: {**v, **_without(v, gone)} for n, v in document["variants"].items()}
    return Done(made, replace(place, language=next(iter(made["texts"]))))


def _without(owner: Mapping[str, Any], language: str) -> dict[str, Any]:
    parts = ("texts", "rich", "previews")
    return {
        part: {k: v for k, v in owner[part].items() if k != language}
        for part in parts
        if part in owner
    }


def _add_wording(document: dict[str, Any], place: Place, _: str, __: Mapping[str, str]) -> Done:
    """Another wording begins as the usual one, in every language."""
    name = next((n for n in _LETTERS if n not in document["variants"]), "")
    if not name or len(document["variants"]) >= MOST_WORDINGS:
        raise Refused(gettext("There are %(count)s other wordings at most.", count=MOST_WORDINGS))
    variants = {**document["variants"], name: {"texts": dict(document["texts"])}}
    return Done({**document, "variants": variants}, replace(place, variant=name))


def _drop_wording(document: dict[str, Any], place: Place, _: str, __: Mapping[str, str]) -> Done:
    variants = {n: v for n, v in document["variants"].items() if n != place.variant}
    return Done({**document, "variants": variants}, replace(place, variant=""))


def _reshape(document: dict[str, Any], place: Place, about: str, _: Mapping[str, str]) -> Done:
    rich = edits.reshaped(text_of(document, place, "rich"), about)
    return Done(with_text(document, place, "rich", rich), replace(place, channel="rcs"), "rcs")


def _add_card(document: dict[str, Any], place: Place, _: str, __: Mapping[str, str]) -> Done:
    rich = edits.with_card(text_of(document, place, "rich"))
    anchor = f"card-{len(rich['cards']) - 1}"
    return Done(with_text(document, place, "rich", rich), replace(place, channel="rcs"), anchor)


def _add_button(
    document: dict[str, Any], place: Place, about: str, form: Mapping[str, str]
) -> Done:
    kind = form.get(f"add.{about}", "")
    rich = edits.with_button(text_of(document, place, "rich"), about, kind)
    made = with_text(document, place, "rich", rich)
    return Done(made, replace(place, channel="rcs"), _anchor(f"{about}.suggestions"))


def _move(way: int) -> Deed:
    def move(document: dict[str, Any], place: Place, about: str, _: Mapping[str, str]) -> Done:
        rich = edits.moved(text_of(document, place, "rich"), about, way)
        made = with_text(document, place, "rich", rich)
        return Done(made, replace(place, channel="rcs"), _anchor(about))

    return move


def _remove(document: dict[str, Any], place: Place, about: str, _: Mapping[str, str]) -> Done:
    rich = edits.without(text_of(document, place, "rich"), about)
    made = with_text(document, place, "rich", rich)
    return Done(made, replace(place, channel="rcs"), _anchor(about))


def _anchor(path: str) -> str:
    """Where on the page a card or a button of it is."""
    owner, _, rest = path.partition(".")
    number = rest.partition(".")[0]
    return f"card-{number}" if owner == "cards" and number.isdigit() else "rcs"


_DEEDS: Mapping[str, Deed] = {
    "open": _open,
    "insert": _insert,
    "language.add": _add_language,
    "language.remove": _drop_language,
    "wording.add": _add_wording,
    "wording.remove": _drop_wording,
    "rcs.shape": _reshape,
    "rcs.card": _add_card,
    "rcs.button": _add_button,
    "rcs.up": _move(-1),
    "rcs.down": _move(1),
    "rcs.remove": _remove,
}
