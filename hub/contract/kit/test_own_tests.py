"""The folder's own tests are run with a fault planted, each run in a process of its own."""

import sys
import textwrap

import pytest

from hub.contract.http_once import Parcel
from hub.contract.kit.mutants import Mutant
from hub.contract.kit.own_tests import failing_test
from hub.contract.kit.planting import compiled_once, own_mutants, planted


@pytest.fixture
def folder(tmp_path):
    """A connector with two faults, of which its tests know the first."""
    made = tmp_path / "connectors" / "toy"
    made.mkdir(parents=True)
    (made.parent / "__init__.py").touch()
    files = {
        "__init__.py": '"""A toy."""\nfrom .sums import double\nconnector = double\n',
        "sums.py": "def double(n):\n    return 2 * n\n\n\ndef half(n):\n    return n / 2\n",
        "mutants.py": """
            from hub.contract.kit.mutants import Mutant

            MUTANTS = (
                Mutant("wrong", "sums", "double", lambda genuine: lambda n: n),
                Mutant("unseen", "sums", "half", lambda genuine: lambda n: n),
            )
        """,
        "test_toy.py": """
            import pytest

            from .sums import double


            def test_nothing():
                print("words of its own")


            @pytest.mark.parametrize("n", [0, 3])
            def test_twice(n):
                assert double(n) == n + n
        """,
    }
    for name, text in files.items():
        (made / name).write_text(textwrap.dedent(text))
    return made


def test_the_test_that_fails_is_named_and_each_fault_is_planted_alone(folder):
    wrong, unseen = own_mutants(folder)
    assert failing_test(folder, wrong, 0) == "test_twice"
    assert failing_test(folder, unseen, 1) == ""
    assert failing_test(folder, wrong, 0) == "test_twice"


def test_a_named_test_is_asked_alone(folder):
    named = Mutant("wrong", "sums", "double", lambda genuine: genuine, "test_toy.py::test_nothing")
    assert failing_test(folder, named, 0) == ""


def test_a_file_that_cannot_be_read_with_the_fault_is_named(folder):
    (folder / "test_toy.py").write_text("from .sums import double\n\nassert double(1) == 2\n")
    assert failing_test(folder, own_mutants(folder)[0], 0) == "test_toy.py"


def test_bytecode_is_kept_elsewhere_and_only_meanwhile(folder):
    before = sys.pycache_prefix, sys.dont_write_bytecode
    with compiled_once():
        assert sys.pycache_prefix
    assert (sys.pycache_prefix, sys.dont_write_bytecode) == before
    own_mutants(folder)
    assert not list(folder.rglob("__pycache__"))


def test_a_fault_in_something_of_the_hubs_is_undone(folder):
    (folder / "sums.py").write_text(
        "from hub.contract.http_once import Parcel\n\n\nclass double:\n    parcel = Parcel\n"
    )
    genuine = Parcel.withdraw
    fault = Mutant("wrong", "sums", "Parcel.withdraw", lambda genuine: lambda self: True)
    with planted(folder, fault):
        assert Parcel.withdraw is not genuine
    assert Parcel.withdraw is genuine
