"""Tests about the code itself: what no machine checks will rot."""

import ast
import re
import subprocess
from pathlib import Path

from hub.cli import COMMANDS
from hub.work.nudges import ARROWS
from hub.work.pipeline import Pipeline

ROOT = Path(__file__).resolve().parent.parent
AGREED = {"pyproject.toml", "README.md", "LICENSE", "hub", "connectors", "templates", "tests",
          "deploy"}  # fmt: skip


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def code():
    return [p for p in tracked("*.py") if not p.name.startswith("test_")]


def test_the_top_level_is_the_agreed_one():
    found = {p.relative_to(ROOT).parts[0] for p in tracked()}
    assert {name for name in found if not name.startswith(".")} <= AGREED


def test_every_arrow_is_a_step_of_the_pipeline_and_every_step_has_a_queue():
    steps = {n for n in vars(Pipeline) if not n.startswith("_") and callable(vars(Pipeline)[n])}
    assert steps == set(ARROWS)


def test_transactional_messages_are_served_before_marketing():
    assert ARROWS.index("send_transactional") < ARROWS.index("send_marketing")


def test_every_command_the_readme_names_exists():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert set(re.findall(r"(?:`|bin/)hub ([a-z]+)\b", readme)) <= set(COMMANDS)


def test_every_module_says_what_it_is_for():
    silent = [p for p in code() if p.stat().st_size and not ast.get_docstring(_tree(p))]
    assert [str(p.relative_to(ROOT)) for p in silent] == []


def test_no_file_is_too_long_to_find_a_line_in():
    long = {
        str(p.relative_to(ROOT)): n
        for p in code()
        if "migrations" not in p.parts and (n := _lines(p)) > 300
    }
    assert long == {}


def test_no_name_says_nothing():
    empty = re.compile(r"(utils?|common|helpers?|manager|handler|service|misc|data2)(_|$|\.)")
    named = [str(p.relative_to(ROOT)) for p in code() if empty.search(p.stem + ".")]
    assert named == []


def test_no_package_registry_and_no_machine_is_named():
    hosts = "|".join(("pypi", "pythonhosted", "npmjs", "debian"))
    wanted = re.compile(rf"https?://[^\s\"']*({hosts})\.")
    found = [str(p.relative_to(ROOT)) for p in tracked() if wanted.search(_text(p))]
    assert found == []


def test_the_hub_knows_no_vendor_by_name():
    names = re.compile("hubspot|salesforce|woocommerce|google", re.I)
    found = [str(p.relative_to(ROOT)) for p in tracked("hub/*.py") if names.search(_text(p))]
    assert found == []


def _tree(path):
    return ast.parse(path.read_text("utf-8"))


def _lines(path):
    return len(path.read_text("utf-8").splitlines())


def _text(path):
    return path.read_bytes().decode("utf-8", "replace")
