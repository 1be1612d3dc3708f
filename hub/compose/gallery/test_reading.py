"""Reading a gallery: what stands in its files, and each wrong one named with its line."""

import pytest

from hub.compose.gallery import GalleryError, load
from hub.compose.gallery.lint import lines_of

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
