"""The page's words: the same ones in each language, with the same blanks to fill."""

import re

import pytest
from werkzeug.datastructures import LanguageAccept

from hub.local.demo.words import LANGUAGES, choose, words

BLANK = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language):
    assert words(language).keys() == words("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_the_blanks_of_the_english_one(language):
    english, spoken = words("en"), words(language)
    blanks = {name: sorted(BLANK.findall(text)) for name, text in spoken.items()}
    assert blanks == {name: sorted(BLANK.findall(text)) for name, text in english.items()}


def test_the_address_wins_over_the_browser():
    accepted = LanguageAccept([("de-AT", 1)])
    assert choose("it", accepted) == "it"
    assert choose("", accepted) == "de"
    assert choose("xx", LanguageAccept()) == "en"
