"""The laws of proofs hold for a carrier that keeps them, and catch one that does not."""

from dataclasses import replace
from pathlib import Path

import pytest

from hub.contract import Field, utc_now
from hub.contract.kit.bench import Candidate
from hub.contract.kit.carriers import CarrierSide
from hub.contract.kit.checks import settling
from hub.contract.kit.score import registered, try_check
from hub.contract.kit.seeded.carriers import seeded
from hub.contract.kit.simulator import Faults
from hub.contract.kit.toy import Toy

LAWS = {law.name: law for law in registered() if law.run.__module__ == settling.__name__}
SETTLE = Field("settle_seconds", "Seconds", kind="number", default="120")


class Side(CarrierSide):
    """The least that a bench wants of a simulator."""

    def __init__(self):
        self.faults = Faults()

    def settings(self, url):
        return {}

    def secrets(self):
        return {}

    def wsgi(self, environ, start_response):
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]


def candidate(proof, connector=None):
    made = replace(Toy(utc_now).connector(proof), settings=(SETTLE,))
    return Candidate("toy", Path(), connector or made, Side)


@pytest.mark.parametrize("proof", ["replay", "lookup", "list", "receipt", "nothing"])
def test_a_carrier_of_each_class_keeps_its_laws(proof):
    toy = candidate(proof)
    tried = [try_check(toy, law) for law in LAWS.values() if law.applies(toy)]
    assert {one.check.name: one.words for one in tried} == dict.fromkeys(
        (one.check.name for one in tried), ""
    )
    assert ("list" in {one.check.name for one in tried}) == (proof == "list")


@pytest.mark.parametrize(
    "name",
    ["listed: nothing is ever listed", "listed: every time is listed",
     "counted: a day has no messages"],
)  # fmt: skip
def test_what_is_no_proof_is_caught(name):
    mutants = {one.name: one for one in seeded(candidate("list").connector)}
    law = LAWS[mutants[name].laws[0]]
    words = try_check(candidate("list", mutants[name].connector), law).words
    assert words.startswith(("listed(phone", "counted(day)"))


@pytest.mark.parametrize(
    "settings",
    [(), (replace(SETTLE, kind="text"),), (replace(SETTLE, default="60"),)],
)
def test_a_delay_must_be_declared_as_it_is(settings):
    toy = candidate("lookup")
    wrong = replace(toy, connector=replace(toy.connector, settings=settings))
    assert "settle_seconds" in try_check(wrong, LAWS["settle"]).words
