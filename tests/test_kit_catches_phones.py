"""The kit catches carriers that lose content, misread taps or send twice: each breaks one law."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub import registry
from hub.contract import Accepted, Request, Response
from hub.contract.kit.certify import checks_for
from hub.contract.kit.score import registered, try_check
from hub.contract.kit.seeded import rich

GOOD = registry.load().candidate("smsmode")
CARRIER = GOOD.connector.carrier
SEEDED = {one.name: one for one in rich.seeded(GOOD.connector)}
LAWS = {one.name: one for one in registered()}
ASKED = b'{"challenge": "genuine"}'


class Town:
    """A carrier that can more than smsmode, over smsmode's own simulator."""

    def __init__(self):
        self.simulator = None

    def simulate(self):
        self.simulator = GOOD.simulate()
        self.simulator.greeting = lambda: Request.of("POST", {}, ASKED)
        return self.simulator

    def reach(self, ctx, phones):
        return [self.simulator.handsets.seems_able(phone.e164) for phone in phones]

    def revoke(self, ctx, message_id):
        return self.simulator.find(message_id)["status"]["value"] == "ENROUTE"

    def send_once(self, ctx, messages):
        """The same reference again is answered as before."""
        answers = {}
        for message in messages:
            known = self.simulator.search(message.reference, "", "MT")
            if not known:
                CARRIER.send(ctx, [message])
                known = self.simulator.search(message.reference, "", "MT")
            answers[message.reference] = known[0]["messageId"]
        return [Accepted(answers[message.reference]) for message in messages]

    def greet(self, request, secrets):
        genuine = request.body == ASKED and secrets["api_key"] == self.simulator.api_key
        return Response(200, b"genuine") if genuine else None

    def candidate(self, **parts):
        connector = replace(GOOD.connector, carrier=replace(CARRIER, **parts))
        return replace(GOOD, connector=connector, simulate=self.simulate)


@pytest.fixture
def town():
    return Town()


def honest(town):
    """What such a carrier has, rightly done."""
    return {
        "rcs-reach": {"reach": town.reach},
        "revoked": {"revoke": town.revoke},
        "replay": {"send": town.send_once, "replay_within": timedelta(hours=1)},
        "greeted": {"greet": town.greet},
        "acknowledged": {"answer": lambda request: Response(200, b"ACK")},
    }


@pytest.mark.parametrize("law", ["rcs-reach", "revoked", "replay", "greeted", "acknowledged"])
def test_a_carrier_with_more_keeps_the_law_of_it_and_each_fault_of_it_is_caught(town, law):
    good = town.candidate(**honest(town)[law])
    assert LAWS[law] in checks_for(good)
    assert try_check(good, LAWS[law]).words == ""
    faults = [one for one in rich.seeded(good.connector) if one.laws == (law,)]
    assert faults
    for fault in faults:
        assert not try_check(replace(good, connector=fault.connector), LAWS[law]).passed


@pytest.mark.parametrize("name", SEEDED)
def test_each_fault_of_phones_breaks_the_law_it_names(name):
    (law,) = SEEDED[name].laws
    faulty = replace(GOOD, connector=SEEDED[name].connector)
    assert not try_check(faulty, LAWS[law]).passed


def test_every_law_of_phones_has_a_fault_that_breaks_it(town):
    parts = {name: part for law in honest(town).values() for name, part in law.items()}
    every = {one.laws[0] for one in rich.seeded(town.candidate(**parts).connector)}
    tried = {"no-rcs", "rcs-reach", "blocked", "dead-number", "revoked", "rcs-shapes", "replay"}
    tried |= {"rcs-beside-sms", "rcs-taps", "rcs-words", "rcs-receipts", "greeted", "acknowledged"}
    assert every == tried


def test_a_carrier_that_finds_no_rcs_is_caught():
    def find(ctx, reference):
        return None

    faulty = replace(GOOD.connector, carrier=replace(CARRIER, find=find))
    assert not try_check(replace(GOOD, connector=faulty), LAWS["rcs-find"]).passed


def test_what_the_vendor_has_no_form_for_must_be_refused():
    def simulate():
        made = GOOD.simulate()
        made.unsupported = frozenset({"carousel"})
        return made

    result = try_check(replace(GOOD, simulate=simulate), LAWS["rcs-shapes"])
    assert "no form for" in result.words


def test_laws_of_phones_are_not_for_a_carrier_of_sms_without_hands():
    class Handless:
        def deliveries(self):
            return []

        def settings(self, url):
            return {}

    bare = replace(GOOD, simulate=Handless)
    assert not {"rcs-shapes", "blocked", "dead-number"} & {one.name for one in checks_for(bare)}
