"""Every connector found keeps every law of the kit: one test for each."""

import pytest

from hub import registry
from hub.contract.kit.certify import checks_for
from hub.contract.kit.score import try_check

FOUND = registry.load()
LAWS = [
    pytest.param(candidate, law, id=f"{slug}-{law.name}")
    for slug in FOUND.slugs
    for candidate in [FOUND.candidate(slug)]
    for law in checks_for(candidate)
]


@pytest.mark.parametrize("entry", FOUND.entries, ids=lambda entry: entry.slug)
def test_connector_can_be_loaded(entry):
    assert not entry.problem


@pytest.mark.parametrize(("candidate", "law"), LAWS)
def test_connector_keeps_the_law(candidate, law):
    result = try_check(candidate, law)
    assert result.passed, f"{law.title}. {result.words}"
