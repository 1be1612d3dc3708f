"""`hub connector` as a person types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hub.cli import COMMANDS, main


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """Run `hub ...` with connectors in a temporary root, which has «acme»."""
    monkeypatch.setenv("HUB_CONNECTORS", str(tmp_path))

    def run(*arguments):
        return CliRunner().invoke(main, ["connector", *map(str, arguments)])

    assert run("new", "acme", "--title", "Acme CRM").exit_code == 0
    return run


@pytest.fixture
def recording(tmp_path):
    folder = tmp_path / "acme" / "fixtures"
    return json.loads((folder / "contact.changed__edited.json").read_text())


def _kept(tmp_path: Path, document) -> Path:
    path = tmp_path / "recording.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_help_imports_no_command():
    code = (
        "import sys; from hub.cli import main; main(['--help'], standalone_mode=False); "
        "print([m for m in sys.modules if m.startswith(('hub.cli.', 'psycopg', 'requests'))])"
    )
    root = Path(__file__).parents[2]
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60
    )
    assert "connector" in said.stdout
    assert said.stdout.endswith("[]\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_can_be_imported(name):
    assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


def test_list_shows_the_good_and_the_broken(hub, tmp_path):
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "__init__.py").write_text("raise OSError('no')")
    said = hub("list")
    assert said.exit_code == 0
    assert "Acme CRM" in said.stdout
    assert "broken" in said.stdout


def test_new_refuses_a_bad_slug_and_a_taken_one(hub):
    assert "no slug" in hub("new", "Bad-1").output
    taken = hub("new", "acme")
    assert taken.exit_code == 1
    assert "already there" in taken.output


def test_new_refuses_a_title_that_would_break_the_code(hub, tmp_path):
    assert hub("new", "quoted", "--title", 'A "quoted" one').exit_code == 1
    assert not (tmp_path / "quoted").exists()


def test_test_prints_a_full_score_and_succeeds(hub):
    said = hub("test", "acme")
    assert said.exit_code == 0, said.output
    passed, total = said.stdout.split()[-1].split("/")
    assert passed == total
    assert "✗" not in said.stdout


def test_test_fails_and_says_which_law_is_broken(hub, tmp_path):
    (tmp_path / "acme" / "README.md").write_text("# Acme")
    said = hub("test", "acme")
    assert said.exit_code == 1
    assert "readme: README.md must have the headings" in said.stdout


def test_test_of_a_broken_or_unknown_connector_fails_in_words(hub, tmp_path):
    (tmp_path / "acme" / "__init__.py").write_text("raise OSError('no room')")
    assert "no room" in hub("test").output
    assert "There is no connector" in hub("test", "nobody").output
    assert hub("test").exit_code == hub("test", "nobody").exit_code == 1


def test_certify_prints_a_table_of_laws_and_every_connector(hub):
    assert hub("new", "acme_two").exit_code == 0
    said = hub("certify", "--no-mutants")
    assert said.exit_code == 0, said.output
    lines = [line.split() for line in said.stdout.splitlines()]
    assert ["law", "acme", "acme_two"] in lines
    assert ["verify-tampered", "✓", "✓"] in lines
    assert ["send-batch", "–", "–"] in lines
    assert "Mutants" not in said.stdout


def test_certify_shows_the_law_that_is_broken_and_fails(hub, tmp_path):
    (tmp_path / "acme" / "README.md").write_text("# Acme")
    said = hub("certify", "acme", "--no-mutants")
    assert said.exit_code == 1
    assert ["readme", "✗"] in [line.split() for line in said.stdout.splitlines()]
    assert "acme readme: README.md must have the headings" in said.stdout


def test_certify_plants_faults_and_names_the_law_that_caught_each(hub):
    said = hub("certify", "acme")
    assert said.exit_code == 0, said.output
    (last,) = [line for line in said.stdout.splitlines() if line.startswith("acme: ")][1:]
    caught, _, planted, _ = last.removeprefix("acme: ").split()
    assert int(caught) == int(planted) >= 12
    assert "webhook: the signature is not checked" in said.stdout
    assert f"Mutants: {planted} of {planted} tried, {planted} caught." in said.stdout


def test_certify_fails_when_a_fault_gets_away(hub, tmp_path):
    (tmp_path / "acme" / "mutants.py").write_text(
        "from hub.contract.kit.mutants import Mutant\n"
        "MUTANTS = (Mutant('nothing at all', 'events', 'dedupe', lambda genuine: genuine),)\n"
    )
    said = hub("certify", "acme")
    assert said.exit_code == 1
    assert "acme: «nothing at all» got away." in said.stdout


def test_certify_of_an_unknown_connector_fails_in_words(hub):
    assert "There is no connector" in hub("certify", "nobody").output


def test_try_prints_the_events_as_json(hub, tmp_path, recording):
    said = hub("try", "acme", _kept(tmp_path, recording))
    assert said.exit_code == 0
    (event,) = json.loads(said.stdout)
    assert event["key"] == "contact:7:3"
    assert event["occurred_at"] == "2026-06-12T14:30:00+02:00"
    assert event["person"]["first_name"] == "Zoë"


def test_try_refuses_a_changed_body_with_the_reason(hub, tmp_path, recording):
    recording["body"] = recording["body"].replace("Lyon", "Nice")
    said = hub("try", "acme", _kept(tmp_path, recording))
    assert said.exit_code == 1
    assert said.stdout == ""
    assert "not signed" in said.stderr


def test_try_says_why_a_delivery_is_ignored(hub, tmp_path):
    said = hub("try", "acme", tmp_path / "acme/fixtures/invoice.sent__of_no_use.json")
    assert said.exit_code == 0
    assert json.loads(said.stdout) == []
    assert "Ignored" in said.stderr


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold one JSON object"),
        ({"status": 200, "headers": {}, "body": {}}, "holds an answer, not a delivery"),
        ({"method": "POST", "body": ""}, "has no «headers»"),
        ({"method": "POST", "headers": {"a": 1}, "body": ""}, "must be an object of texts"),
        ({"method": "POST", "headers": {}, "body": {}}, "must be texts"),
        ({"method": "POST", "headers": {}, "body": "{}"}, "not signed"),
    ],
)
def test_try_says_what_is_wrong_with_a_file(hub, tmp_path, document, words):
    said = hub("try", "acme", _kept(tmp_path, document))
    assert said.exit_code == 1
    assert words in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_try_takes_settings_and_refuses_odd_ones(hub, tmp_path, recording):
    path = _kept(tmp_path, recording)
    assert hub("try", "acme", path, "--settings", "url=http://127.0.0.1").exit_code == 0
    assert "NAME=VALUE" in hub("try", "acme", path, "--settings", "url").stderr
