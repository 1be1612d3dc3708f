"""Adding a connector is adding a folder: no other file changes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hub import registry
from hub.cli import scaffold
from hub.contract.kit.certify import certify

CHECKOUT = Path(__file__).resolve().parent.parent
# What is compiled comes along: two runs would otherwise compile all of the hub anew.
_IGNORED = shutil.ignore_patterns("*.pyc.*", "node_modules", ".*")


@pytest.fixture
def tree(tmp_path):
    """The checkout's code in a temporary place, without any connector."""
    shutil.copytree(CHECKOUT / "hub", tmp_path / "hub", ignore=_IGNORED)
    (tmp_path / "tests").mkdir()
    (tmp_path / "connectors").mkdir()
    (tmp_path / "connectors" / "__init__.py").touch()
    for name in ("pyproject.toml", "tests/test_connectors.py"):
        shutil.copyfile(CHECKOUT / name, tmp_path / name)
    return tmp_path


def _run_tests(tree, *arguments):
    """Run pytest in the tree, as a developer would; its exit code and what it printed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HUB_", "PYTEST_"))}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *arguments],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


def test_smsmode_copied_under_another_slug_adds_its_tests_and_passes(tree):
    shutil.copytree(
        CHECKOUT / "connectors" / "smsmode", tree / "connectors" / "post_pigeon", ignore=_IGNORED
    )
    code, said = _run_tests(tree, "connectors/post_pigeon", "tests/test_connectors.py")
    assert code == 0, said[-3000:]
    assert "[post_pigeon-send-batch] PASSED" in said
    assert re.search(r"connectors/post_pigeon/test_\w+\.py::\S+ PASSED", said)
    assert "smsmode-" not in said


def test_a_new_connector_passes_the_kit_as_written(tree):
    scaffold.write(tree / "connectors", "acme", "Acme CRM")
    code, said = _run_tests(tree, "connectors/acme", "tests/test_connectors.py")
    assert code == 0, said[-3000:]
    assert "[acme-verify-tampered] PASSED" in said
    assert "connectors/acme/test_acme.py" in said


def test_a_new_connector_gets_a_full_score(tmp_path):
    scaffold.write(tmp_path, "acme_two")
    found = registry.load(tmp_path)
    score = certify(found.candidate("acme_two"))
    assert score.full, [result.words for result in score.results if not result.passed]
    assert found.get("acme_two").title == "Acme two"
