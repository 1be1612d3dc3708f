from dataclasses import replace
from datetime import timedelta

import pytest
import uuid6

from hub.contract import AuthLost, Outcome

from . import subscriptions, write_back


@pytest.fixture
def outcome(clock):
    def make(order_id, kind="delivered", **more):
        message = str(uuid6.uuid7())
        marker = f"{message}:{kind}"
        words = "SMS delivered at 11:00 (order confirmation)."
        subject = order_id if isinstance(order_id, str) else f"order:{order_id}"
        return replace(Outcome(marker, message, kind, subject, clock(), words), **more)

    return make


def test_an_outcome_becomes_a_note_and_fields(shop, ctx, outcome):
    order_id = shop.place_order()
    told = outcome(order_id)
    (written,) = write_back.write(ctx, [told])
    assert written.reference.startswith("note:")
    assert shop.notes(order_id) == [
        f"SMS delivered at 11:00 (order confirmation). [relais {told.marker}]"
    ]
    meta = shop.meta(order_id)
    assert meta["_relais_status"] == "delivered"
    assert meta["_relais_message_id"] == told.message_id
    assert meta["_relais_delivered_at"] == meta["_relais_updated_at"] == "2026-06-12T09:00:00+00:00"


def test_written_again_changes_nothing_and_makes_no_echo(shop, ctx, outcome, clock):
    order_id = shop.place_order()
    told = [outcome(order_id, "sent"), outcome(order_id, "delivered")]
    first = write_back.write(ctx, told)
    before = dict(shop.memory.order(order_id))
    clock.on(minutes=1)
    assert write_back.write(ctx, told) == first
    assert len(shop.notes(order_id)) == 2
    assert shop.memory.order(order_id) == before


@pytest.mark.parametrize("after", [timedelta(0), timedelta(minutes=1)])
def test_an_older_outcome_told_late_does_not_hide_a_newer_one(shop, ctx, outcome, clock, after):
    order_id = shop.place_order()
    sent = outcome(order_id, "sent")
    delivered = outcome(order_id, "delivered", at=clock() + after)
    write_back.write(ctx, [delivered])
    write_back.write(ctx, [sent])
    assert shop.meta(order_id)["_relais_status"] == "delivered"
    assert "_relais_sent_at" in shop.meta(order_id)


def test_answers_keep_the_order_of_outcomes_of_several_orders(shop, ctx, outcome):
    one, two = shop.place_order(), shop.place_order()
    told = [outcome(one), outcome("cart:c-1"), outcome(two), outcome(999), outcome(one, "replied")]
    written = write_back.write(ctx, told)
    assert [bool(w.reference) for w in written] == [True, False, True, False, True]
    assert "cart" in written[1].refused
    assert written[3].refused == "The order no longer exists in the shop."
    assert (len(shop.notes(one)), len(shop.notes(two))) == (2, 1)


def test_only_the_chosen_outcomes_are_noted_but_all_are_fields(shop, ctx, outcome):
    order_id = shop.place_order()
    choosy = replace(ctx, settings={**ctx.settings, "note_outcomes": "failed, replied"})
    told = [outcome(order_id, "delivered"), outcome(order_id, "replied")]
    written = write_back.write(choosy, told)
    assert len(shop.notes(order_id)) == 1
    assert written[0].reference == f"order:{order_id}"
    assert "_relais_delivered_at" in shop.meta(order_id)


def test_a_click_and_an_order_it_brought_are_told_on_the_order(shop, ctx, outcome, clock):
    order_id = shop.place_order()
    came = "This order came from a message: its code was used."
    told = [
        outcome(order_id, "clicked", sentence="The link was opened.", text=""),
        outcome(order_id, "bought", sentence=came),
    ]
    write_back.write(ctx, told)
    assert [note.partition(" [")[0] for note in shop.notes(order_id)] == [
        "The link was opened.",
        came,
    ]
    meta = shop.meta(order_id)
    assert meta["_relais_status"] == "bought"
    assert meta["_relais_clicked_at"] == meta["_relais_bought_at"] == "2026-06-12T09:00:00+00:00"


def test_an_opt_out_is_kept_on_the_order(shop, ctx, outcome):
    order_id = shop.place_order()
    write_back.write(ctx, [outcome(order_id, "opted_out")])
    assert shop.meta(order_id)["_relais_opted_out"] == "yes"
    assert shop.meta(order_id)["sms_optin"] == "yes"


def test_what_a_person_texted_stays_text(shop, ctx, outcome):
    order_id = shop.place_order()
    write_back.write(ctx, [outcome(order_id, "replied", sentence="Reply.", text="<b>1 & 2</b>")])
    assert "Reply. «&lt;b&gt;1 &amp; 2&lt;/b&gt;»" in shop.notes(order_id)[0]


def test_our_own_writing_coming_back_is_nothing_new(shop, ctx, outcome, ear, read):
    subscriptions.subscribe(ctx)
    order_id = shop.place_order()
    assert shop.flush()
    before = {e.key for e in read(ear[0].heard)}
    write_back.write(ctx, [outcome(order_id)])
    assert shop.flush()
    assert {e.key for e in read(ear[0].heard)} == before


def test_lost_credentials_stop_the_batch(shop, ctx, outcome):
    shop.faults.plan("401")
    with pytest.raises(AuthLost):
        write_back.write(ctx, [outcome(shop.place_order())])
