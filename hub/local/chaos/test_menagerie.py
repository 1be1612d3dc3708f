"""Every mutant of the folder has its trial, and every trial its mutant."""

import pkgutil

import pytest

from hub.local.chaos import menagerie, mutants
from hub.local.chaos.judge import Verdict
from hub.local.chaos.mutants.replacing import put
from hub.local.chaos.trial import Report, Trial


def _report(trial: Trial, **wrong: int) -> Report:
    none = {"lost": 0, "double": 0, "uncertain": 0, "untold": 0, "told_twice": 0, "shown": 0}
    verdict = Verdict(**{**none, **wrong})
    return Report(trial, verdict, trial.events, {}, {}, [], {}, 0, 0, {}, 1.0, 2.0)


def test_the_table_and_the_folder_name_the_same_mutants():
    modules = {m.name for m in pkgutil.iter_modules(mutants.__path__)} - {"replacing"}
    assert {name.replace("-", "_") for name in menagerie.TABLE} == modules


def test_every_mutant_says_what_gives_it_away():
    for trial in menagerie.TABLE.values():
        assert trial.expects in _report(trial).faults()


def test_a_mutant_is_caught_by_its_own_wrong_alone():
    trial = menagerie.trial_of("no-fence")
    assert _report(trial, double=2).caught == "double 2"
    assert not _report(trial, lost=5).caught


def test_an_unknown_mutant_is_told_with_those_there_are():
    with pytest.raises(menagerie.NoSuchMutant, match="no-fence"):
        menagerie.trial_of("no-fences")


def test_a_mutant_of_something_renamed_fails_loudly():
    with pytest.raises(AttributeError):
        put(menagerie, no_such_thing=1)


def test_doubt_that_stays_is_no_fault_where_nobody_can_be_asked():
    assert _report(Trial(carrier_class="silent"), uncertain=3).is_right
    assert not _report(Trial(carrier_class="lookup"), uncertain=3).is_right
