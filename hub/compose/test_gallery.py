"""The gallery: every starter renders cheap, in one part and without a hole, in five languages."""

from pathlib import Path

import pytest

from hub.compose.alphabet import is_gsm, transliterate
from hub.compose.gallery import GalleryError, load
from hub.compose.language import compile_template, render
from hub.compose.segments import count, with_stop
from hub.contract.events import PERSON, VOCABULARY

TEMPLATES = Path(__file__).parents[2] / "templates"
SCENARIOS = load(TEMPLATES)
LANGUAGES = {"en", "fr", "es", "it", "de"}
SHORT_LINK = {"cart_url": "https://rls.example/c/4fT9aLq2Zx"}
STARTERS = [
    pytest.param(scenario, text, id=f"{scenario.slug}-{text.language}")
    for scenario in SCENARIOS
    for text in scenario.texts
]


def _variables(scenario):
    events = scenario.events or tuple(VOCABULARY)  # what the hub itself sends borrows its names
    declared = [variable for event in events for variable in VOCABULARY[event].variables]
    named = {v.name: v for v in (*declared, *PERSON) if v.name in scenario.variables}
    return tuple(named.values())


def _sent(scenario, text, **changed):
    variables = _variables(scenario)
    values = {v.name: v.sample for v in variables} | SHORT_LINK | changed
    template = compile_template(text.source, variables, event=scenario.slug)
    rendered = render(
        template, values, language=text.language, zone="Europe/Paris", defaults=text.defaults
    )
    cheap = transliterate(rendered.text)
    return with_stop(cheap, "36180") if scenario.kind == "marketing" else cheap


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


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.slug)
def test_every_scenario_speaks_five_languages(scenario):
    assert {text.language for text in scenario.texts} == LANGUAGES
    assert len({text.source for text in scenario.texts}) == len(LANGUAGES)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.slug)
def test_every_event_offers_the_variables(scenario):
    for event in scenario.events:
        offered = {v.name for v in (*VOCABULARY[event].variables, *PERSON)}
        assert set(scenario.variables) <= offered


@pytest.mark.parametrize(("scenario", "text"), STARTERS)
def test_a_starter_is_one_cheap_part_with_the_samples(scenario, text):
    assert is_gsm(text.source)
    sent = _sent(scenario, text)
    cost = count(sent)
    assert (cost.encoding, cost.parts) == ("GSM7", 1)
    assert "Maison Lune" in sent
    assert "  " not in sent
    assert ("STOP" in sent) is (scenario.kind == "marketing")


@pytest.mark.parametrize(("scenario", "text"), STARTERS)
@pytest.mark.parametrize(
    "person",
    [
        {"first_name": None},
        {"first_name": "Marie-Antoinette-Élisabeth de la Tour du Pin"},
        {"first_name": "Jo", "brand": "Boulangerie-Pâtisserie des Deux Sœurs"},
        {"first_item": None, "item_count": 1},
        {"first_item": "Chemise en lin lavé à col mao, coupe droite, bleu nuit"},
        {
            "order_total": {"amount": "12345.60", "currency": "EUR"},
            "order_number": "FR-2026-001043",
        },
    ],
    ids=["no-name", "long-name", "long-brand", "no-item", "long-item", "large-order"],
)
def test_a_starter_stays_within_two_parts_for_everybody(scenario, text, person):
    sent = _sent(scenario, text, **person)
    assert count(sent).parts <= 2
    assert count(sent).encoding == "GSM7"
    assert not any(hole in sent for hole in ("None", "{", "  ", " ,", "()"))


def test_the_answer_to_stop_has_no_event_no_link_and_no_name():
    (scenario,) = [scenario for scenario in SCENARIOS if scenario.slug == "stop-confirmed"]
    assert (scenario.events, scenario.kind, scenario.variables) == ((), "transactional", ("brand",))


def test_a_text_is_found_by_its_language():
    (scenario,) = [scenario for scenario in SCENARIOS if scenario.slug == "cart-reminder"]
    text = scenario.text("fr")
    assert text is not None
    assert text.title == "Relance de panier"
    assert scenario.text("nl") is None


GOOD = {
    "scenario.txt": (
        "event: cart.abandoned, order.created\nkind: marketing\nvariables: brand, first_name\n"
    ),
    "fr.sms.txt": (
        "title: Essai\nadvice: Rien.\ndefault first_name: vous\n---\n\n{{ brand }}: a\n---\nb\n\n"
    ),
}


def _written(folder, **files):
    scenario = folder / "my-text"
    scenario.mkdir()
    for name, content in (GOOD | {key.replace("_", "."): v for key, v in files.items()}).items():
        if content is not None:
            (scenario / name).write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
    return folder


def test_a_folder_is_read_whole(tmp_path):
    (scenario,) = load(_written(tmp_path, fr_rcs_json="{}", README_md="Words"))
    assert scenario.slug == "my-text"
    assert scenario.events == ("cart.abandoned", "order.created")
    (text,) = scenario.texts
    assert (text.language, text.channel, text.title) == ("fr", "sms", "Essai")
    assert text.source == "{{ brand }}: a\n---\nb"
    assert text.defaults == {"first_name": "vous"}


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path):
    content = "\ufeff" + GOOD["fr.sms.txt"].replace("\n", "\r\n")
    (scenario,) = load(_written(tmp_path, fr_sms_txt=content))
    assert scenario.texts[0].title == "Essai"


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("scenario_txt", None, "my-text/scenario.txt, line 1: The file is missing"),
        ("scenario_txt", "kind: marketing\n", "line 1: «variables:» is missing"),
        ("scenario_txt", "variables: brand\n", "line 1: «kind:» is missing"),
        ("scenario_txt", "# a\nkind: advert\nvariables: a\n", "line 2: The kind is marketing or"),
        ("scenario_txt", "kind: marketing\nvariables: a, b c\n", "line 2: «b c» is not a variable"),
        ("scenario_txt", "kind: marketing\nkind: marketing\n", "line 2: «kind» is here twice"),
        ("scenario_txt", "kind: marketing\nevent\n", "line 2: A header line is «key: value»"),
        ("scenario_txt", "\ncolour: red\n", "line 2: «colour» is not known"),
        ("fr_sms_txt", "title: a\nadvice: b\n", "my-text/fr.sms.txt, line 1: A line «---» must"),
        ("fr_sms_txt", "title: a\n---\ntext", "line 1: «advice:» is missing"),
        ("fr_sms_txt", "title: a\nadvice: b\n---\n \n", "line 3: There is no text below"),
        ("fr_sms_txt", "title:\n---\nx", "line 1: A header line is"),
        ("fr_sms_txt", "title: a\nadvice: b\ndefault x: y\n---\nx", "line 3: «x» is not one of"),
        ("fr_sms_txt", b"title: a\nadvice: \xff\n---\nx", "line 2: This is not UTF-8 text"),
        ("french_sms_txt", "x", "my-text/french.sms.txt, line 1: The name is not like"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path, file, content, words):
    with pytest.raises(GalleryError) as wrong:
        load(_written(tmp_path, **{file: content}))
    assert words in str(wrong.value)
    assert str(wrong.value).endswith(".")


def test_a_folder_with_a_strange_name_is_refused(tmp_path):
    (tmp_path / "My Text").mkdir()
    with pytest.raises(GalleryError, match="small letters, digits and hyphens"):
        load(tmp_path)
