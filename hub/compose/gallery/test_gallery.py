"""The gallery: every text renders cheap, in one part and without a hole, in five languages."""

from pathlib import Path

import pytest

from hub.compose.alphabet import is_gsm, transliterate
from hub.compose.declared import variables_for
from hub.compose.gallery import load
from hub.compose.gallery.lint import lines_of, offered
from hub.compose.language import compile_template, render
from hub.compose.segments import count, with_stop

TEMPLATES = Path(__file__).parents[3] / "templates"
SCENARIOS = load(TEMPLATES)
LANGUAGES = {"en", "fr", "es", "it", "de"}
LINK = "https://lnk.fr/3fKx9QbT0a"
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.slug)
PERSONS = {
    "no name": {"first_name": None},
    "a long name": {"first_name": "Marie-Antoinette-Élisabeth de la Tour du Pin"},
    "a long brand": {"first_name": "Jo", "brand": "Boulangerie-Pâtisserie des Deux Sœurs"},
    "no item": {"first_item": None, "item_count": 1},
    "a long item": {"first_item": "Chemise en lin lavé à col mao, coupe droite, bleu nuit"},
    "a large order": {
        "order_total": {"amount": "12345.60", "currency": "EUR"},
        "order_number": "FR-2026-001043",
    },
}


def _sent(scenario, text, **changed):
    variables = offered(scenario)
    values = {v.name: v.sample for v in variables} | {"cart_url": LINK} | changed
    rendered = render(
        compile_template(text.source, variables, event=scenario.slug),
        values,
        language=text.language,
        zone="Europe/Paris",
        defaults=text.defaults,
        shorten=lambda address, label: LINK,
    )
    cheap = transliterate(rendered.text)
    return with_stop(cheap, "36034") if scenario.kind == "marketing" else cheap


def test_the_starters_are_there():
    slugs = [scenario.slug for scenario in SCENARIOS]
    assert slugs == sorted(slugs)
    assert {
        "booking-cancelled",
        "booking-confirmation",
        "booking-moved",
        "booking-reminder",
        "which-booking",
        "cart-reminder",
        "order-confirmed",
        "order-shipped",
        "order-refunded",
        "stop-confirmed",
    } <= set(slugs)


@every_scenario
def test_every_scenario_speaks_five_languages(scenario):
    spoken = scenario.spoken("sms")
    assert {text.language for text in spoken} == LANGUAGES
    assert len({text.source for text in spoken}) == len(LANGUAGES)
    assert {text.language for text in scenario.spoken("rcs")} in (set(), LANGUAGES)


@every_scenario
def test_every_event_offers_the_variables(scenario):
    assert {v.name for v in offered(scenario)} == set(scenario.variables)
    for event in scenario.events:
        assert set(scenario.variables) <= {v.name for v in variables_for(event)}


@every_scenario
def test_a_text_is_one_cheap_part_with_the_samples(scenario):
    for text in scenario.spoken("sms"):
        assert is_gsm(text.source), text.language
        sent = _sent(scenario, text)
        cost = count(sent)
        assert cost.encoding == "GSM7"
        assert cost.parts <= text.parts
        assert "Maison Lune" in sent
        assert "  " not in sent
        assert ("STOP" in sent) is (scenario.kind == "marketing")


@every_scenario
def test_a_text_stays_within_one_part_more_for_everybody(scenario):
    for text in scenario.spoken("sms"):
        for who, person in PERSONS.items():
            sent = _sent(scenario, text, **person)
            assert count(sent).parts <= text.parts + 1, who
            assert count(sent).encoding == "GSM7", who
            assert not any(hole in sent for hole in ("None", "{", "  ", " ,", "()")), who


@every_scenario
def test_the_linter_finds_no_error_and_one_part_at_the_widest(scenario):
    wrong = [
        f"{line.language}.{line.channel}: {found.words}"
        for line in lines_of(scenario)
        for found in line.findings
        if found.severity == "error"
    ]
    assert wrong == []


def test_the_answer_to_stop_has_no_event_no_link_and_no_name():
    (scenario,) = [scenario for scenario in SCENARIOS if scenario.slug == "stop-confirmed"]
    assert (scenario.events, scenario.kind, scenario.variables) == ((), "transactional", ("brand",))


def test_a_text_is_found_by_its_language():
    (scenario,) = [scenario for scenario in SCENARIOS if scenario.slug == "cart-reminder"]
    text = scenario.text("fr")
    assert text is not None
    assert text.title == "Relance de panier"
    assert scenario.text("nl") is None
