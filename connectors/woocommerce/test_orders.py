import json
from datetime import UTC, datetime

import pytest

from hub.contract import Ignored

from .trial import ORDER, kinds, parsed, with_meta


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft", "draft", "new"])
def test_an_open_checkout_is_no_order(status):
    found = parsed(ORDER | {"status": status})
    assert isinstance(found, Ignored)
    assert "open checkout" in found.reason


def test_an_order_waiting_for_payment_is_not_confirmed():
    assert isinstance(parsed(ORDER | {"status": "pending"}, "order.created"), Ignored)


def test_an_order_whose_payment_failed_is_not_confirmed():
    assert kinds(parsed(ORDER | {"status": "failed"}, "order.created")) == ["order.status_changed"]


def test_an_order_the_shop_cancels_unpaid_is_not_confirmed():
    assert kinds(parsed(ORDER | {"status": "cancelled"})) == ["order.status_changed"]
    paid = ORDER | {"status": "cancelled", "date_paid_gmt": "2026-11-22T19:25:00"}
    assert kinds(parsed(paid)) == ["order.created", "order.status_changed", "order.paid"]


def test_an_order_waiting_for_a_bank_transfer_is_confirmed():
    assert kinds(parsed(ORDER | {"status": "on-hold"}))[0] == "order.created"


def test_created_and_updated_in_any_order_give_the_same_keys():
    keys = [[e.key for e in parsed(ORDER, t)] for t in ("order.updated", "order.created")]
    assert keys[0] == keys[1] == ["order:12:created", "order:12:status:processing"]


def test_a_later_edit_of_an_order_gives_no_new_key():
    later = ORDER | {"date_modified_gmt": "2026-11-25T08:00:00"}
    assert [e.key for e in parsed(ORDER)] == [e.key for e in parsed(later)]


def test_a_status_happened_when_the_shop_says_it_did():
    done = ORDER | {
        "status": "completed",
        "date_paid_gmt": "2026-11-22T19:25:00",
        "date_completed_gmt": "2026-11-23T10:00:00",
    }
    at = {e.type: e.occurred_at for e in parsed(done)}
    assert at["order.created"] == datetime(2026, 11, 22, 19, 24, 37, tzinfo=UTC)
    assert at["order.paid"] == datetime(2026, 11, 22, 19, 25, tzinfo=UTC)
    assert at["order.status_changed"] == datetime(2026, 11, 23, 10, tzinfo=UTC)


def test_each_refund_is_told_once_with_a_positive_amount():
    refunds = [{"id": 13, "reason": None, "total": "-5.00"}, {"id": 14, "total": "-2.50"}]
    found = [e for e in parsed(ORDER | {"refunds": refunds}) if e.type == "order.refunded"]
    assert [e.key for e in found] == ["order:12:refund:13", "order:12:refund:14"]
    assert found[0].data["refund_amount"] == {"amount": "5.00", "currency": "USD"}
    assert found[0].data["refund_reason"] == ""


def test_an_order_belongs_to_the_cart_the_plugin_noted():
    assert {e.cart for e in parsed(with_meta(("_relais_cart_id", "c-9")))} == {"cart:c-9"}
    assert {e.cart for e in parsed(ORDER)} == {"order:12"}


def test_a_deleted_order_is_dated_by_the_hub():
    stamp = "2026-06-12T14:30:00+02:00"
    (found,) = parsed({"id": 12}, "order.deleted", X_Relais_Received_At=stamp)
    assert (found.key, found.subject) == ("order:12:deleted", "order:12")
    assert found.occurred_at == datetime(2026, 6, 12, 12, 30, tzinfo=UTC)
    (undated,) = parsed({"id": 12}, "order.deleted")
    assert undated.occurred_at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("topic", ["coupon.created", "product.updated", "customer.deleted", ""])
def test_what_the_hub_has_no_use_for_is_ignored_with_a_reason(topic):
    found = parsed({"id": 1}, topic)
    assert isinstance(found, Ignored)
    assert found.reason.endswith(".")


def test_html_entities_in_a_product_name_are_undone():
    line = ORDER["line_items"][0] | {"name": "Salt &amp; pepper"}
    assert parsed(ORDER | {"line_items": [line]})[0].data["first_item"] == "Salt & pepper"


def test_what_no_text_column_takes_is_taken_out():
    body = json.dumps(ORDER | {"number": "1\x002\ud800"}).encode()
    assert parsed(body)[0].data["order_number"] == "12\ufffd"


def test_php_quirks_are_read():
    quirks = {"shipping": [], "meta_data": {}, "refunds": {"1": {"id": 13, "total": "-5.00"}}}
    assert kinds(parsed(ORDER | quirks))[-1] == "order.refunded"
