"""Connectors are found by folder; a broken one never hides the others."""

import pytest

from hub import registry
from hub.cli import scaffold


@pytest.fixture
def root(tmp_path):
    scaffold.write(tmp_path, "acme", "Acme CRM")
    return tmp_path


def _folder(root, slug, source):
    (root / slug).mkdir()
    (root / slug / "__init__.py").write_text(source)


def test_a_folder_is_found_under_its_own_name(root):
    found = registry.load(root)
    assert found.slugs == ("acme",)
    assert found.get("acme").title == "Acme CRM"


@pytest.mark.parametrize(
    ("slug", "source", "words"),
    [
        ("torn", "def f(:", "SyntaxError"),
        ("lost", "import there_is_no_such_module", "ModuleNotFoundError"),
        ("gone", "raise SystemExit(3)", "SystemExit"),
        ("bare", "", "has no `connector"),
        ("text", "connector = 'acme'", "has no `connector"),
        ("Bad-Name", "connector = None", "no slug"),
    ],
)
def test_a_broken_connector_is_listed_with_its_reason_and_the_others_live_on(
    root, slug, source, words
):
    _folder(root, slug, source)
    found = registry.load(root)
    assert words in found.entry(slug).problem
    assert found.slugs == ("acme",)
    with pytest.raises(registry.NoSuchConnector, match=f"«{slug}» is broken"):
        found.get(slug)


def test_a_folder_without_code_and_a_plain_file_are_no_connectors(root):
    (root / "pictures").mkdir()
    (root / "notes.txt").touch()
    assert [entry.slug for entry in registry.load(root).entries] == ["acme"]


def test_an_unknown_slug_is_answered_with_near_ones(root):
    with pytest.raises(registry.NoSuchConnector) as error:
        registry.load(root).get("acne")
    assert str(error.value) == "There is no connector «acne». Did you mean acme?"


def test_an_empty_or_missing_root_holds_no_connector(tmp_path):
    assert registry.load(tmp_path / "nowhere").entries == ()


def test_the_environment_names_another_root(root, monkeypatch):
    monkeypatch.setenv("HUB_CONNECTORS", str(root))
    assert registry.load().root == root.resolve()


def test_loading_twice_gives_the_same_connector(root):
    assert registry.load(root).get("acme") is registry.load(root).get("acme")


def test_the_same_slug_in_another_root_is_another_connector(root, tmp_path):
    other = tmp_path / "other"
    scaffold.write(other, "acme", "Other Acme")
    first, second = registry.load(root), registry.load(other)
    assert [first.get("acme").title, second.get("acme").title] == ["Acme CRM", "Other Acme"]
    assert "root" not in first.simulator("acme").settings("http://127.0.0.1:1")


def test_each_simulator_is_a_fresh_one(root):
    found = registry.load(root)
    first = found.simulator("acme")
    first.change(3)
    assert found.simulator("acme") != first


def test_a_simulator_that_fails_is_named_in_a_sentence(root):
    (root / "acme" / "simulator.py").write_text("raise OSError('no room')")
    with pytest.raises(registry.NoSuchConnector, match="no room"):
        registry.load(root).simulator("acme")


def test_fixtures_are_the_recorded_deliveries_without_answers_and_expectations(root):
    (root / "acme" / "fixtures" / "rest_answer.json").write_text('{"status": 200, "body": {}}')
    names = [recording.name for recording in registry.load(root).fixtures("acme")]
    assert names == ["contact.changed__edited.json", "invoice.sent__of_no_use.json"]
