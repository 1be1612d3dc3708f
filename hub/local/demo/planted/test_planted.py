"""The demo's own templates and automations can be read, and speak five languages."""

import json
from importlib import resources

import pytest

from hub.automations.document import parse
from hub.compose.declared import variables_for
from hub.compose.language import compile_template
from hub.local.demo.words import LANGUAGES


def read(name):
    return json.loads((resources.files("hub.local.demo.planted") / name).read_text("utf-8"))


TEMPLATES, AUTOMATIONS = read("templates.json"), read("automations.json")


@pytest.mark.parametrize("slug", TEMPLATES)
def test_every_template_speaks_every_language(slug):
    texts = TEMPLATES[slug]["texts"]
    assert set(texts) == set(LANGUAGES)
    for source in texts.values():
        compile_template(source, variables_for())


@pytest.mark.parametrize("slug", AUTOMATIONS)
def test_every_automation_names_a_template_that_is_planted(slug):
    assert parse(AUTOMATIONS[slug]).template in TEMPLATES
