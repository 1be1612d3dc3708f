"""Every string of the pages, in every language: none is missing, none is left over, and each names
what the English one names."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent
LANGUAGES = ("fr", "es", "it", "de")
_WAYS = [("pages/**.py", "python"), ("pages/**.html", "jinja2")]
_WORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None}
_OPTIONS = {"pages/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}


def written():
    """Every string in the sources; plurals as pairs."""
    found = extract_from_dir(HERE, _WAYS, _OPTIONS, _WORDS, strip_comment_tags=False)
    return {message for name, _, message, _, _ in found if "test_" not in name}


def catalogue(language):
    """What is translated, by its English."""
    path = HERE / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {m.id: m for m in read_po(file) if m.id}


def names(text):
    return sorted(re.findall(r"%\((\w+)\)s", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_of_the_pages_is_translated_and_none_is_left_over(language):
    known, wanted = catalogue(language), written()
    assert len(wanted) > 50
    assert wanted - set(known) == set()
    assert set(known) - wanted == set()
    assert [m.id for m in known.values() if m.fuzzy or not m.string or not all(m.string)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_what_the_english_names(language):
    for english, message in catalogue(language).items():
        pairs = zip(english, message.string, strict=True) if message.pluralizable else [
            (english, message.string)
        ]  # fmt: skip
        for said, translated in pairs:
            assert names(said) == names(translated), english
