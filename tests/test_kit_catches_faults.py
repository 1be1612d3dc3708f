"""The kit's laws for tokens, thin events, workflows and lists: each is broken once, on a connector
of the tests that can do everything; and each general fault is caught by a law named for it."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import uuid6

from hub.contract import AuthLost, Consent, Event, Preview, Refused, utc_now
from hub.contract.kit.certify import checks_for
from hub.contract.kit.mutants import Mutant
from hub.contract.kit.planting import CannotPlant, own_mutants, planted
from hub.contract.kit.score import try_check
from hub.contract.kit.seeded import seeded

CHOIR = Path(__file__).parent / "choir"
ABOUT_FOLDERS = {"files", "readme", "icon", "fixtures-verify"}

with planted(CHOIR) as _choir:
    LAWS = {law.name: law for law in checks_for(_choir)}
    GENERAL = tuple(fault.name for fault in seeded(_choir.connector))


def changed_event(change):
    def replacement(whole):
        def changed(event, found):
            told = whole(event, found)
            return change(told) if isinstance(told, Event) else told

        return changed

    return replacement


def with_new_key(event):
    return replace(event, key=uuid6.uuid7().hex)


def with_own_word(event):
    consent = Consent(False, "choir", utc_now())
    return replace(event, person=replace(event.person, consent=consent))


def deaf_to_people(event):
    return replace(event, person=replace(event.person, consent=None))


def forbidden_as_lost(call):
    def called(ctx, path, **body):
        try:
            return call(ctx, path, **body)
        except Refused as error:
            raise AuthLost(error.words) from None

    return called


def without_looking(call):
    def called(ctx, path, **body):
        for row in body.get("notes", ()):
            row["look"] = False
        return call(ctx, path, **body)

    return called


def hanging_on_the_first(enrich):
    def enriched(ctx, events):
        answers = enrich(ctx, events)
        gone = any(not isinstance(answer, Event) for answer in answers)
        return [replace(events[0], key="lost") for _ in answers] if gone else answers

    return enriched


def showing_phones(preview):
    return lambda ctx: Preview(("phone",), (("+33639980123",),))


BROKEN = {
    "takes what is old": ("events", "WINDOW", lambda _: timedelta(days=9), "verify-stale"),
    "makes new keys of what it wrote": (
        "client",
        "_whole",
        changed_event(with_new_key),
        "echo",
    ),
    "takes its own word for a person's": (
        "client",
        "_whole",
        changed_event(with_own_word),
        "consent-echo",
    ),
    "does not hear a person's word": (
        "client",
        "_whole",
        changed_event(deaf_to_people),
        "consent-echo",
    ),
    "takes a right that lacks for a lost sign-in": (
        "client",
        "call",
        forbidden_as_lost,
        "scope",
    ),
    "asks for a token without its secret": (
        "client",
        "form",
        lambda _: lambda settings, secrets, now: {"grant_type": "client_credentials"},
        "exchanged",
    ),
    "does not look for what it wrote": ("client", "call", without_looking, "write-again"),
    "loses all where one record is gone": (
        "client",
        "enrich",
        hanging_on_the_first,
        "enrich-unknown",
    ),
    "shows whole phones": ("client", "preview", showing_phones, "looks"),
    "offers nothing to choose": ("client", "options", lambda _: lambda ctx, field: [], "looks"),
    "has no list": ("client", "lists", lambda _: lambda ctx: [], "audience"),
    "answers questions of anybody": ("", "connector", None, "questions"),
}


def _open_questions(connector):
    asked = {
        name: replace(question, verify=lambda request, secrets: None)
        for name, question in connector.questions.items()
    }
    return replace(connector, questions=asked)


@pytest.mark.parametrize("what", BROKEN)
def test_the_kit_catches_a_connector_that(what):
    module, attribute, replacement, law = BROKEN[what]
    mutant = Mutant(what, module, attribute, replacement or _open_questions)
    with planted(CHOIR, mutant) as candidate:
        result = try_check(candidate, LAWS[law])
    assert not result.passed
    assert " was raised" not in result.words


@pytest.mark.parametrize("name", GENERAL)
def test_a_law_named_for_it_catches_the_general_fault(name):
    with planted(CHOIR) as candidate:
        fault = next(one for one in seeded(candidate.connector) if one.name == name)
        faulty = replace(candidate, connector=fault.connector)
        laws = [LAWS[law] for law in fault.laws if law in LAWS]
        assert any(not try_check(faulty, law).passed for law in laws)


@pytest.mark.parametrize("name", sorted(LAWS.keys() - ABOUT_FOLDERS))
def test_a_genuine_connector_keeps_the_law(name):
    with planted(CHOIR) as candidate:
        result = try_check(candidate, LAWS[name])
    assert result.passed, result.words


def test_a_planted_folder_leaves_nothing_behind():
    before = set(sys.modules)
    with planted(CHOIR, Mutant("none", "events", "dedupe", lambda it: it)) as candidate:
        candidate.simulate()
        assert set(sys.modules) - before
    assert not {name for name in set(sys.modules) - before if "choir" in name}


def test_what_cannot_be_planted_is_told_in_words():
    gone = Mutant("none", "events", "no_such_name", lambda it: it)
    with pytest.raises(CannotPlant, match="cannot be read with it"), planted(CHOIR, gone):
        pass


def test_a_folder_without_mutants_has_none_of_its_own(tmp_path):
    assert own_mutants(CHOIR) == ()
    (tmp_path / "__init__.py").touch()
    (tmp_path / "mutants.py").write_text("MUTANTS = 1 / 0")
    with pytest.raises(CannotPlant, match="division by zero"):
        own_mutants(tmp_path)
