"""Rates are computed exactly as they are printed, and say when they mean nothing."""

from decimal import Decimal

import pytest

from hub.report.figures import comparing
from hub.report.figures.rates import Difference, Money, Rate
from hub.report.figures.totals import total

NONE = {"automation_id": None, "template_id": None, "channel": "sms", "variant": "", "state": "",
        "reason": "", "currency": "", "n": 0, "amount": Decimal(0)}  # fmt: skip


def _line(what, n, **more):
    return {**NONE, "what": what, "n": n, **more}


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        (50, 500, 0.0767, 0.1294),
        (0, 100, 0, 0.0370),
        (100, 100, 0.9630, 1),
        (1, 30, 0.0059, 0.1667),
    ],
)
def test_an_interval_is_wilsons(count, base, low, high):
    rate = Rate(count, base)
    assert (rate.low, rate.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        (Rate(9, 30), "measured"),
        (Rate(9, 29), "few"),
        (Rate(0, 0), "few"),
        (Rate(5, 3), "uneven"),
        (Rate(0, 0, measurable=False), "none"),
    ],
)
def test_a_rate_says_whether_it_says_anything(rate, says):
    assert rate.says == says


def test_rates_are_defined_as_they_are_printed():
    sums = total(
        [
            _line("sent", 900, state="delivered"),
            _line("sent", 100, state="read", channel="rcs"),
            _line("sent", 20, state="failed", reason="dead_number"),
            _line("clicked", 100),
            _line("bought", 100),
            _line("replied", 40),
            _line("stopped", 8),
        ]
    )
    shares = {name: rate.share for name, rate in sums.rates.items()}
    assert shares == {
        "delivery": 1000 / 1020, "read": 1.0, "click": 0.1, "click_read": 0.0, "reply": 0.04,
        "conversion": 0.1, "opt_out": 0.008,
    }  # fmt: skip
    assert sums.lost == ((("failed", "dead_number"), 20),)


def test_an_sms_never_has_a_read_rate():
    sums = total([_line("sent", 900, state="delivered"), _line("sent", 5, state="read")])
    assert sums.rates["read"].says == "none"


@pytest.mark.parametrize(("revenue", "roi"), [("10000", 9), ("64372", Decimal("63.372"))])
def test_the_return_is_what_came_in_beyond_the_cost_by_cost(revenue, roi):
    money = Money("EUR", Decimal(1000), (("click", 10, Decimal(revenue)),))
    assert money.roi == roi
    assert money.per_order == 100
    assert money.per_message(1000) == Decimal(revenue) / 1000


def test_without_orders_or_costs_nothing_is_divided():
    assert (Money("EUR").roi, Money("EUR").per_order, Money("EUR").basket) == (None, None, None)
    assert Money("EUR").per_message(0) is None


def test_currencies_are_kept_apart():
    sums = total(
        [
            _line("cost", 10, currency="EUR", amount=Decimal("0.50")),
            _line("revenue", 1, currency="EUR", reason="click", amount=Decimal(20)),
            _line("revenue", 2, currency="CHF", reason="code", amount=Decimal(90)),
        ]
    )
    assert [(m.currency, m.cost, m.revenue, m.orders) for m in sums.money] == [
        ("CHF", 0, 90, 2),
        ("EUR", Decimal("0.50"), 20, 1),
    ]


def test_a_difference_is_told_only_beyond_chance():
    assert Difference(Rate(120, 1000), Rate(60, 1000)).says == "more"
    assert Difference(Rate(60, 1000), Rate(120, 1000)).says == "less"
    assert Difference(Rate(62, 1000), Rate(60, 1000)).says == "open"
    assert Difference(Rate(6, 10), Rate(1, 10)).says == "few"
    # Newcombe's own example: 56 of 70 beside 48 of 80 differ by 0.0524 to 0.3339.
    found = Difference(Rate(56, 70), Rate(48, 80))
    assert (found.low, found.high) == (
        pytest.approx(0.0524, abs=1e-4),
        pytest.approx(0.3339, abs=1e-4),
    )


def test_those_left_out_stand_beside_those_let_through():
    lines = [
        _line("compared", 120, automation_id=1, state="send", reason="ordered"),
        _line("compared", 880, automation_id=1, state="send"),
        _line("compared", 60, automation_id=1, state="skip", reason="ordered"),
        _line("compared", 940, automation_id=1, state="skip"),
    ]
    (found,) = comparing.uplifts(lines, {1: "cart"})
    assert (found.automation, found.ordered.says) == ("cart", "more")
    assert found.ordered.share == pytest.approx(0.06)


def test_wordings_stand_beside_the_templates_own_text():
    def sent(wording, clicked):
        more = {"template_id": 1, "variant": wording}
        return [_line("sent", 500, state="delivered", **more), _line("clicked", clicked, **more)]

    (found,) = comparing.trials([*sent("", 30), *sent("short", 90)], {1: "cart"})
    assert (found.wording, found.beside, found.clicked.says) == ("short", "", "more")
