"""The landing pages' own words, written in five languages."""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

LANGUAGES = ("en", "fr", "es", "it", "de")


@lru_cache
def words(language: str) -> Mapping[str, str]:
    """All words of a language ("fr", "fr-CA"), by name; English where it is none of the five."""
    short = language[:2].lower()
    file = resources.files(__name__) / f"{short if short in LANGUAGES else 'en'}.json"
    read: Mapping[str, str] = json.loads(file.read_text("utf-8"))
    return read
