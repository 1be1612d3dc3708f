"""The gallery: every text renders cheap, in one part and without a hole, in five languages."""

from pathlib import Path

import pytest

from hub.compose.alphabet import is_gsm, transliterate
from hub.compose.declared import variables_for
from hub.compose.gallery import GalleryError, load
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
    scenario.mkdir(parents=True)
    for name, content in (GOOD | {key.replace("_", "."): v for key, v in files.items()}).items():
        if content is not None:
            (scenario / name).write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
    return folder


def test_a_folder_is_read_whole(tmp_path):
    (scenario,) = load(_written(tmp_path, README_md="Words"))
    assert scenario.slug == "my-text"
    assert scenario.events == ("cart.abandoned", "order.created")
    (text,) = scenario.texts
    assert (text.language, text.channel, text.title) == ("fr", "sms", "Essai")
    assert text.source == "{{ brand }}: a\n---\nb"
    assert text.defaults == {"first_name": "vous"}


RCS = '{"title": "Essai", "advice": "Rien.", "document": {"text": "Bonjour {{ first_name }}"}}'


def test_an_rcs_stands_beside_its_sms(tmp_path):
    (scenario,) = load(_written(tmp_path, fr_rcs_json=RCS))
    rich = scenario.text("fr", "rcs")
    assert rich is not None
    assert (rich.title, rich.source) == ("Essai", "")
    assert scenario.as_template()["rich"] == {"fr": {"text": "Bonjour {{ first_name }}"}}
    assert [line.channel for line in lines_of(scenario)] == ["sms", "rcs"]


def test_an_rcs_without_an_sms_beneath_is_an_error(tmp_path):
    (scenario,) = load(_written(tmp_path, fr_sms_txt=None, fr_rcs_json=RCS))
    (line,) = lines_of(scenario)
    assert [found.code for found in line.findings] == ["no_fallback"]
    assert not line.passes


def test_a_scenario_may_name_a_page_a_code_and_await_replies(tmp_path):
    shared = (
        "event: cart.abandoned\nkind: marketing\nvariables: brand, first_name\nsector: beauty\n"
        "page: basket\ncoupon: percent 20, days 3\nreplies: yes\n"
    )
    (scenario,) = load(_written(tmp_path, scenario_txt=shared))
    assert (scenario.sector, scenario.page, scenario.replies) == ("beauty", "basket", True)
    assert scenario.coupon == {"percent": "20", "days": 3}
    assert scenario.as_template()["event"] == "cart.abandoned"


def test_a_text_may_say_why_it_takes_two_parts(tmp_path):
    long = "title: a\nadvice: b\nparts: 2 because the law wants it\n---\n{{ brand }}: " + "x" * 170
    (scenario,) = load(_written(tmp_path, fr_sms_txt=long))
    (line,) = lines_of(scenario)
    assert (line.allowed, line.why, line.passes) == (2, "the law wants it", True)
    (again,) = load(
        _written(tmp_path / "b", fr_sms_txt=long.replace("parts: 2 because the law wants it\n", ""))
    )
    (line,) = lines_of(again)
    assert not line.passes


def test_languages_do_not_share_one_default(tmp_path):
    text = (
        "title: a\nadvice: b\ndefault first_name: {}\n---\n{{{{ brand }}}}: {{{{ first_name }}}} x"
    )
    files = {"fr_sms_txt": text.format("vous"), "en_sms_txt": text.format("you")}
    (scenario,) = load(_written(tmp_path, **files))
    codes = [found.code for line in lines_of(scenario) for found in line.findings]
    assert "default_differs" in codes


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
        (
            "scenario_txt",
            "kind: marketing\nvariables: brand, first_name\npage: x\n",
            "line 3: The page is basket",
        ),
        (
            "scenario_txt",
            "kind: marketing\nvariables: brand, first_name\ncoupon: free\n",
            "line 3: «free» is not",
        ),
        (
            "scenario_txt",
            "kind: marketing\nvariables: brand, first_name\nreplies: 1\n",
            "line 3: The replies is",
        ),
        ("fr_sms_txt", "title: a\nadvice: b\nparts: 2\n---\nx", "line 3: Write how many and why"),
        ("fr_rcs_json", "{\n,}", "my-text/fr.rcs.json, line 2: This is not JSON"),
        ("fr_rcs_json", "[]", "my-text/fr.rcs.json, line 1: Write an object with title"),
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
