"""Every sentence of the code is told in every language, with what stands in its holes."""

import json
import re

import pytest

from hub import registry
from hub.config import CHECKOUT
from hub.local import sentences

LANGUAGES = ("fr", "es", "it", "de")
_HOLE = re.compile(r"\{(\w*)\}")
_ENDS = re.compile(r"[.!?]\s*\Z")


def written(language):
    """What is translated of the hub's own sentences."""
    folder = CHECKOUT / "hub" / "web" / "translations" / language
    return json.loads((folder / "sentences.json").read_text("utf-8"))


def of_connectors():
    for entry in registry.load().entries:
        file = CHECKOUT / "connectors" / entry.slug / "words.json"
        if file.exists():  # one may speak English alone: its folder is its own
            yield entry.slug, json.loads(file.read_text("utf-8"))


def wrong(wanted, known):
    """What lacks its words, stands there for nothing, or names other holes than the English."""
    yield from (f"not translated: {said}" for said in sorted(wanted - set(known)))
    yield from (f"said by nobody: {said}" for said in sorted(set(known) - wanted))
    for english, said in known.items():
        if sorted(_HOLE.findall(english)) != sorted(_HOLE.findall(said)):
            yield f"other holes: {english}"
        if bool(_ENDS.search(english)) and not _ENDS.search(said):
            yield f"no end: {english}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_hub_is_told_in_this_language(language):
    wanted = sentences.of_hub()
    assert len(wanted) > 500
    assert list(wrong(wanted, written(language))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_a_connector_is_told_in_this_language(language):
    ours, known_ones = sentences.of_hub(), dict(of_connectors())
    assert len(known_ones) >= 10
    found = [
        f"{slug}: {one}"
        for slug, known in known_ones.items()
        for one in wrong(sentences.of_connector(slug) - ours, known.get(language, {}))
    ]
    assert found == []
