"""The week in three figures, each with its line over fourteen days and what it was before."""

from decimal import Decimal

from flask_babel import gettext

from hub.report.figures.week import Week
from hub.web.pages import written
from hub.web.pages.figures.drawn import spark
from hub.web.pages.figures.view import Headline, grown, moved, share_words


def headlines(week: Week) -> list[Headline]:
    """Sent, delivered, and what it brought."""
    sent = Headline(
        gettext("Messages sent"), written.number(week.sent), *grown(week.sent, week.sent_before),
        written.number(week.sent_before), spark([p.sent for p in week.daily]), "/figures?period=7",
    )  # fmt: skip
    arrived = Headline(
        gettext("Delivered"), share_words(week.delivered),
        *moved(week.delivered, week.delivered_before), share_words(week.delivered_before),
        spark([p.delivered / p.sent if p.sent else 0 for p in week.daily]), "/figures?period=7",
    )  # fmt: skip
    return [sent, arrived, _brought(week)]


def _brought(week: Week) -> Headline:
    change = grown(week.brought, week.brought_before)
    if week.kind == "seats":
        words = gettext("Bookings confirmed")
        value, was = written.number(week.brought), written.number(week.brought_before)
    else:
        words = gettext("Revenue brought")
        value, was = _money(week.brought, week), _money(week.brought_before, week)
    line = spark([float(amount) for amount in week.daily_brought] or [0, 0])
    return Headline(words, value, *change, was, line, "/figures?period=7")


def _money(amount: Decimal, week: Week) -> str:
    return written.money(amount.quantize(Decimal("0.01")), week.currency or "EUR")
