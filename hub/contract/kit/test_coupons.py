"""The laws of codes hold for an honest shop, and each fault of making codes breaks one of them."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hub.contract import Coupons, Minted
from hub.contract.kit import blank
from hub.contract.kit.bench import Candidate
from hub.contract.kit.blank.client import call
from hub.contract.kit.blank.simulator import Simulator
from hub.contract.kit.certify import checks_for
from hub.contract.kit.score import registered, try_check
from hub.contract.kit.seeded import coupons as faults

LAWS = {one.name: one for one in registered() if one.name.startswith("mint-")}


@dataclass
class Till(Simulator):
    """Example Vendor with a till. A `careless` one makes a code of a name that it has already."""

    careless: bool = False
    rows: list[dict[str, str]] = field(default_factory=list)

    def honoured(self, code):
        return sum(row["code"] == code for row in self.rows)

    def _answer(self, path, query, sent):
        if path != "/v1/codes":
            return super()._answer(path, query, sent)
        wanted = json.loads(sent)["codes"]
        return 200, {"codes": [self._standing(one) or self._made(one) for one in wanted]}

    def _standing(self, wanted):
        same = (row for row in self.rows if row["code"] == wanted["code"])
        return None if self.careless else next(same, None)

    def _made(self, wanted):
        self.rows.append({"id": str(len(self.rows) + 1), **wanted})
        return self.rows[-1]


def mint(ctx, wanted):
    sent = [{"code": one.code, "reference": one.reference} for one in wanted]
    rows = call(ctx, "POST", "/v1/codes", json={"codes": sent})["codes"] if sent else []
    return [
        Minted(f"coupon:{row['id']}")
        if row["reference"] == coupon.reference
        else Minted(refused="The shop has a code of this name.")
        for coupon, row in zip(wanted, rows, strict=True)
    ]


def shop(mint=mint, simulate=Till, batch_size=20):
    connector = replace(blank.connector, coupons=Coupons(mint, batch_size))
    return Candidate("till", Path(blank.__file__).parent, connector, simulate)


SEEDED = {one.name: one for one in faults.seeded(shop().connector)}


@pytest.mark.parametrize("law", [*LAWS, "fault-429", "fault-lost", "fault-refused", "quiet-logs"])
def test_an_honest_shop_keeps_the_law(law):
    one = next(each for each in checks_for(shop()) if each.name == law)
    assert try_check(shop(), one).words == ""


@pytest.mark.parametrize("name", SEEDED)
def test_each_fault_of_making_codes_breaks_the_laws_it_names(name):
    for law in SEEDED[name].laws:
        faulty = replace(shop(), connector=SEEDED[name].connector)
        result = try_check(faulty, LAWS[law])
        assert not result.passed
        assert " was raised:" not in result.words


def test_a_shop_that_makes_a_code_again_after_a_lost_answer_is_caught():
    twice = try_check(shop(simulate=_careless), LAWS["mint-twice"])
    assert twice.words == "A code minted twice has two references."
    found = try_check(shop(simulate=_careless), LAWS["mint-interrupted"])
    assert "after «500_after» and a second try" in found.words


def test_every_law_of_codes_has_a_fault_that_breaks_it():
    assert {law for one in SEEDED.values() for law in one.laws} == set(LAWS)


def test_who_honours_no_codes_is_not_asked_for_any():
    plain = replace(shop(), connector=blank.connector)
    assert not {one.name for one in checks_for(plain)} & set(LAWS)
    assert list(faults.seeded(blank.connector)) == []


def test_a_simulator_that_cannot_say_what_the_till_takes_is_told_so():
    found = try_check(shop(simulate=Simulator, mint=_made_up), LAWS["mint-batch"])
    assert found.words.startswith("Its simulator does not say what the till takes")


def _careless():
    return Till(careless=True)


def _made_up(ctx, wanted):
    return [Minted(one.reference) for one in wanted]
