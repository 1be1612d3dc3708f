"""Seeded faults: each breaks one law, and the kit must catch each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hub.contract import Refused
from hub.contract.kit.mutants import Mutant

Fault = Callable[[Any], Any]


def _instead(made: Any) -> Fault:
    return lambda genuine: made


def _always(answer: Any) -> Fault:
    return lambda genuine: lambda *given, **named: answer


def _keyed_without_state(genuine: Callable[..., Any]) -> Callable[..., Any]:
    """Every step of an order has the same key: the second one is taken for known."""

    def reached(order: Any, *known: Any) -> Any:
        event = genuine(order, *known)
        return replace(event, key=f"{event.subject}:status")

    return reached


def _confirmed_unpaid(genuine: Callable[..., Any]) -> Callable[..., Iterator[Any]]:
    """The payment that failed is not seen."""
    return lambda order, state, *known: genuine(order, "processing", *known)


def _keyed_by_cart(genuine: Callable[..., Any]) -> Callable[..., Any]:
    def told(*given: Any) -> Any:
        said = genuine(*given)
        return [replace(e, key=e.subject) for e in said] if isinstance(said, list) else said

    return told


def _whole_batch_fails(genuine: Callable[..., Any]) -> Callable[..., Any]:
    def tell(*given: Any) -> Any:
        written = genuine(*given)
        for one in written:
            if one.refused:
                raise Refused(one.refused)
        return written

    return tell


def _silence_is_yes(genuine: Callable[[Any], bool | None]) -> Callable[[Any], bool]:
    return lambda value: genuine(value) is not False


MUTANTS = (
    Mutant(
        "a secret's entities are not undone",
        "events",
        "_ENTITY",
        _instead(re.compile("(?!)")),
        test="test_woocommerce.py::test_a_secret_signs_as_it_is_and_with_its_entities_undone",
    ),
    Mutant(
        "a delivery is named by the vendor's number",
        "events",
        "dedupe",
        _instead(lambda request: request.header("x-wc-webhook-delivery-id")),
    ),
    Mutant("the ping is not answered", "events", "greet", _always(None)),
    Mutant("an open checkout is an order", "orders", "_not_yet", _always("")),
    Mutant("each step of an order has one key", "orders", "_reached", _keyed_without_state),
    Mutant("an unpaid order is confirmed", "orders", "_placed", _confirmed_unpaid),
    Mutant("a cart that changes again is known", "carts", "told", _keyed_by_cart),
    Mutant(
        "silence is taken for consent",
        "people",
        "spoken",
        _silence_is_yes,
        test="test_people.py::test_anything_else_is_silence",
    ),
    Mutant(
        "pages are counted alone",
        "poll",
        "after_page",
        _instead(lambda at, last: replace(at, page=at.page + 1)),
        test="test_poll.py::test_an_order_changed_between_two_pages_pushes_no_other_out_of_sight",
    ),
    Mutant(
        "the rest of a page's last second is passed over",
        "poll",
        "after_page",
        _instead(lambda at, last: replace(at, since=last, page=1)),
    ),
    Mutant("what commits late is never read", "cursor", "OVERLAP", _instead(timedelta(0))),
    Mutant("a note that stands is not looked for", "write_back", "_standing", _always("")),
    Mutant("the marker is not written", "write_back", "_sign", _always("")),
    Mutant(
        "what a person texted is HTML",
        "write_back",
        "escape",
        _instead(lambda words, quote: words),
        test="test_write_back.py::test_what_a_person_texted_stays_text",
    ),
    Mutant(
        "a late outcome hides a newer one",
        "write_back",
        "_newest",
        _always(None),
        test="test_write_back.py::test_an_older_outcome_told_late_does_not_hide_a_newer_one",
    ),
    Mutant("one lost order fails the batch", "write_back", "_tell", _whole_batch_fails),
    Mutant(
        "what an order brought is not told on it",
        "write_back",
        "NOTED",
        _instead("sent,delivered"),
        test="test_write_back.py::test_a_click_and_an_order_it_brought_are_told_on_the_order",
    ),
    Mutant(
        "a code ends by the shop's own clock",
        "coupons",
        "_until",
        _instead(lambda coupon: coupon.expires_at.strftime("%Y-%m-%dT%H:%M:%S")),
        test="test_coupons.py::test_a_code_ends_at_its_instant_whatever_the_shop_s_clock_says",
    ),
    Mutant(
        "a code that stands is refused",
        "coupons",
        "_is_this",
        _always(False),
        test="test_coupons.py::test_a_code_made_twice_stands_once_and_is_answered_the_same",
    ),
    Mutant(
        "anybody's code is ours",
        "coupons",
        "_is_this",
        _always(True),
        test="test_coupons.py::test_somebody_else_s_code_is_not_taken_for_ours",
    ),
    Mutant(
        "a shared code may give anything",
        "coupons",
        "_differing",
        _always(()),
        test="test_coupons.py::test_a_shared_code_that_gives_less_is_refused_with_the_reason",
    ),
    Mutant(
        "an amount is any currency's",
        "coupons",
        "_currency",
        _always(""),
        test="test_coupons.py::test_an_amount_in_another_currency_is_refused",
    ),
    Mutant(
        "keys that may only read are good",
        "client",
        "may_make_coupons",
        _always(True),
        test="test_coupons.py::test_keys_that_may_only_read_are_told_at_the_check",
    ),
    Mutant("the codes of an order are not read", "orders", "_codes", _always([])),
    Mutant(
        "pictures are not read",
        "orders",
        "_picture",
        _always(""),
        test="test_baskets.py::test_a_picture_of_each_item_is_served",
    ),
    Mutant(
        "a shop of any age has the link",
        "baskets",
        "_is_older",
        _always(False),
        test="test_baskets.py::test_an_older_shop_has_no_such_link",
    ),
    Mutant(
        "a draft is paid, not filled again",
        "carts",
        "_way_back",
        _instead(lambda order, settings: order.get("payment_url", "")),
    ),
    Mutant("nothing is unsubscribed", "subscriptions", "unsubscribe", _always(None)),
    Mutant("webhooks that stand are not seen", "subscriptions", "_ours", _always({})),
    Mutant(
        "a webhook switched off stays off",
        "client",
        "switch_on",
        _always({}),
        test="test_subscriptions.py::test_a_webhook_the_shop_switched_off_is_switched_on_and_told",
    ),
    Mutant(
        "the shop's address is taken as it is typed",
        "client",
        "address",
        _instead(lambda settings: settings.get("url", "")),
        test="test_poll.py::test_an_address_that_is_none_is_refused_before_any_call",
    ),
)
