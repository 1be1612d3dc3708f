"""What people do in the four systems, and what is read of their records; no hub is needed."""

from datetime import datetime

import pytest

from hub.contract import Phone
from hub.local.demo.people import RESIDENTS, resident
from hub.local.demo.street import open_street
from hub.local.demo.systems import calendar, crm, sales, sheet
from hub.local.demo.systems.calendar import ZONE, Calendar
from hub.local.demo.systems.crm import Crm
from hub.local.demo.systems.sales import Sales
from hub.local.demo.systems.shapes import Block, NotYet
from hub.local.demo.systems.sheet import Sheet

ZOE = resident("zoe")


@pytest.fixture
def others():
    with open_street() as street:
        yield {part: one.simulator for part, one in street.others.items()}


def test_a_contact_is_made_once_and_its_deal_is_won(others):
    acts = Crm(others["crm"])
    deal = acts.win(ZOE)
    assert acts.account.record(deal)["dealstage"] == crm.WON
    assert acts.contact(ZOE) == acts.contact(ZOE)


def test_two_companions_have_mobiles_and_are_somebody_else():
    for one in RESIDENTS:
        others = crm.companions(one)
        assert len(others) == 2
        assert all(other.mobile and other != one for other in others)


def test_an_opt_out_is_ticked_and_taken_back(others):
    acts = Sales(others["sales"])
    ticks = [acts.org.record(acts.flip(ZOE)[8:])["Relais_SMS_Opt_Out__c"] for _ in range(2)]
    assert ticks == [True, False]


def test_a_crowd_has_a_phone_each_that_can_be_texted():
    phones = {Phone.parse(one.phone, "FR").e164 for one in sales.crowd()}
    assert len(phones) == sales.RECORDS - 1
    assert not phones & {one.number for one in RESIDENTS}


def test_a_booking_keeps_its_hour_on_the_night_when_clocks_change(others):
    acts = Calendar(others["calendar"])
    before = datetime(2026, 10, 24, 15, 30, tzinfo=ZONE)
    acts.booked[ZOE.slug] = acts.diary.book("Haircut", before)
    acts.move(ZOE)
    start = datetime.fromisoformat(acts.diary.event(acts.booked[ZOE.slug])["start"]["dateTime"])
    assert f"{start.astimezone(ZONE):%d %H:%M %Z}" == "25 15:30 CET"


def test_there_is_nothing_to_move_once_a_booking_is_cancelled(others):
    acts = Calendar(others["calendar"])
    acts.book(ZOE)
    acts.cancel(ZOE)
    with pytest.raises(NotYet) as lacks:
        acts.move(ZOE)
    assert lacks.value.said == "said_no_booking"


def test_a_person_without_a_booking_has_an_empty_record(others):
    assert calendar.shown(Calendar(others["calendar"]), ZOE, lambda _: (), str).blocks == ()


def test_a_row_is_found_wherever_it_was_sorted_to(others):
    acts = Sheet(others["sheet"])
    with pytest.raises(NotYet):
        acts.change(ZOE)
    acts.add(ZOE)
    for _ in range(2):
        acts.sort(ZOE)
        acts.change(ZOE)
    assert acts.row(ZOE)["Status"] == "new"
    assert acts.row(ZOE)["First name"] == "Zoë"
    (block,) = sheet.shown(acts, ZOE).blocks
    assert len(block.rows) == 4


def test_a_column_that_says_nothing_is_left_out():
    block = Block("block_sheet", columns=("a", "b"), rows=(("1", ""), ("2", "")))
    assert block.table == ((("a", "1"),), (("a", "2"),))
    assert Block("block_sheet").is_empty
