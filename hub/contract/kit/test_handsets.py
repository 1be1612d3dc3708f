"""Each kind of phone takes what such a phone takes, by whatever spelling of its number."""

import pytest

from hub.contract.kit.handsets import KINDS, Handsets, Shown

NUMBER = "+33639980123"


@pytest.mark.parametrize(
    ("kind", "rcs", "sms", "seems"),
    [
        ("reachable", True, True, True),
        ("unreachable", False, True, False),
        ("offline", False, True, True),
        ("learns_late", False, True, True),
        ("blocks", False, False, True),
        ("wrong", False, False, False),
    ],
)
def test_a_phone_takes_what_its_kind_takes(kind, rcs, sms, seems):
    handsets = Handsets()
    handsets.behave(NUMBER, kind)
    assert (handsets.takes(NUMBER, "rcs"), handsets.takes(NUMBER, "sms")) == (rcs, sms)
    assert handsets.seems_able(NUMBER) == seems
    assert kind in KINDS


def test_a_number_is_the_same_phone_with_a_plus_and_with_a_channels_prefix():
    handsets = Handsets()
    for number in (NUMBER, "33639980123", "whatever:+33639980123"):
        handsets.show(number, Shown("m-1", "sms", "Hello"))
    assert len(handsets.screen(NUMBER)) == handsets.carried("m-1") == 3
    assert handsets.all_carried() == {"m-1": 3}


def test_a_phone_nobody_spoke_of_is_the_usual_one():
    assert Handsets().kind(NUMBER) == "reachable"
    assert Handsets(usual="offline").kind(NUMBER) == "offline"
    assert Handsets().screen(NUMBER) == ()
