"""`hub templates` and `hub bench`: what they print, and the exit code that holds the bar."""

from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result

from hub.cli import main
from hub.cli.bench import bench, found
from hub.local.bench.measured import Bar, Measured

SHARED = "event: cart.abandoned\nkind: marketing\nvariables: brand, cart_url\n"
TEXT = "title: a\nadvice: b\n---\n{{ brand }}: %s {{ cart_url|short }}"


def _gallery(folder: Path, words: str) -> list[str]:
    scenario = folder / "my-text"
    scenario.mkdir()
    (scenario / "scenario.txt").write_text(SHARED)
    (scenario / "fr.sms.txt").write_text(TEXT % words)
    return ["--gallery", str(folder)]


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, ["templates", *words])


def test_a_gallery_that_lints_clean_exits_0(tmp_path: Path):
    result = _run("lint", *_gallery(tmp_path, "votre panier"))
    assert result.exit_code == 0
    row = next(line for line in result.output.splitlines() if line.startswith("my-text"))
    assert row.split()[:5] == ["my-text", "fr", "sms", "GSM7", "1"]
    assert "1 scenarios, 1 texts: 0 wrong, 0 warnings." in result.output


def test_a_text_of_two_parts_exits_1_and_says_how_much_is_too_much(tmp_path: Path):
    result = _run("lint", *_gallery(tmp_path, "x" * 120))
    assert result.exit_code == 1
    assert "error   my-text/fr.sms  texts.fr: With long values this takes 2 parts" in result.output
    assert "characters too many" in result.output


def test_a_file_that_cannot_be_read_is_told_by_its_line(tmp_path: Path):
    given = _gallery(tmp_path, "x")
    (tmp_path / "my-text" / "scenario.txt").write_text("kind: other\n")
    result = _run("lint", *given)
    assert result.exit_code == 1
    assert "my-text/scenario.txt, line 1: The kind is marketing or transactional." in result.output


def test_scenarios_are_listed_with_their_languages(tmp_path: Path):
    result = _run("list", *_gallery(tmp_path, "x"))
    assert result.exit_code == 0
    assert "my-text" in result.output
    assert "cart.abandoned" in result.output


@pytest.mark.parametrize("holds", [True, False])
def test_a_bench_exits_by_its_bar(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], holds: bool
):
    module = ModuleType("one")
    found_out = Measured({}, (Bar("speed", 1, 1 if holds else 2),))
    vars(module).update(NAME="one", SAYS="One.", run=lambda say: (say("counted"), found_out)[1])
    monkeypatch.setattr("hub.cli.bench.found", lambda: {"one": module})
    result = CliRunner().invoke(bench, ["one"])
    assert result.exit_code == (0 if holds else 1)
    verdict = "holds" if holds else "DOES NOT HOLD"
    said, bar = capfd.readouterr().out.splitlines()  # to the very standard output
    assert said == "counted"
    assert bar.endswith(verdict)


def test_the_benches_are_found_in_their_folder():
    assert "compose" in found()
    assert all(callable(module.run) and module.SAYS for module in found().values())
