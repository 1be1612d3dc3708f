"""The page's own words, written in five languages."""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from werkzeug.datastructures import LanguageAccept

LANGUAGES = ("en", "fr", "es", "it", "de")


@lru_cache
def words(language: str) -> Mapping[str, str]:
    """All words of a language, by name; `{…}` in them are filled by the page."""
    file = resources.files(__name__) / f"{language}.json"
    read: Mapping[str, str] = json.loads(file.read_text("utf-8"))
    return read


def choose(asked: str, accepted: LanguageAccept) -> str:
    """The language asked for in the address, else the browser's best, else English."""
    if asked in LANGUAGES:
        return asked
    return accepted.best_match(LANGUAGES, "en") or "en"
