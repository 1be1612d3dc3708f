"""The announced maximum is one: no text is dearer while its values keep their bounds."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from hub.compose.alphabet import transliterate
from hub.compose.declared import variables_for
from hub.compose.extent.bounds import FAIR, WIDE, kind_of, may_be_costly
from hub.compose.language import RenderError, compile_template, render
from hub.compose.lint import Samples, ShopWords, TemplateWords, lint
from hub.compose.segments import count, units_of, with_stop

SETS = 340  # three times for each template
SHOP = ShopWords(stop_code="36034")
PLAIN = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789-'."
LATIN = PLAIN + "àâäéèêëïîôöùûüÿçñßœæåøáíóúšžłÀÉÈÊËÇÑŒŠ"
EXTENSION = "[]{}€^~|\\"
LANGUAGES = ("en", "fr", "es", "it", "de")
LINK = "https://lnk.fr/3fKx9QbT0a"
TEMPLATES = {
    "cart": (
        "cart.abandoned",
        "{{ brand }}: {% if first_name %}{{ first_name|upper }}, {% endif %}{{ item_count }} "
        "{{ item_count|plural('article', 'articles') }}, {{ cart_total }}. {{ cart_url|short }}",
    ),
    "branches": (
        "cart.abandoned",
        "{% if item_count > 1 %}{{ items|first|truncate_gsm(20) }} & co{% elif first_item %}"
        "{{ first_item|truncate_gsm(31)|upper }}{% else %}Your cart{% endif %} – {{ brand }}"
        "{% if first_name and not last_name %} {{ first_name }}{% endif %} "
        "{{ first_name|default('dear customer') }}",
    ),
    "loop": (
        "order.created",
        "{% for item in items %}{% if item.quantity > 1 %}{{ item.quantity }} x {% endif %}"
        "{{ item.name|truncate_gsm(12) }} {{ item.total|money }}; {% endfor %}{{ order_total }}",
    ),
    "booking": (
        "booking.created",
        "« {{ title }} » {{ starts_at|weekday }} {{ starts_at|date }}, {{ starts_at|time }}, "
        "{{ place|lower }}. {{ starts_at }} {{ ends_at|time|upper }}",
    ),
    "questions": (
        "contact.changed",
        "{% if first_name %}a{% else %}bbb{% endif %}{% if last_name %}{{ last_name }}"
        "{% endif %}{% if email %}{{ email|lower }}{% endif %}{% if city %}{{ city|first }}"
        "{% endif %}{% if brand %}{{ brand }}{% endif %}{% if coupon %}{{ coupon }}{% endif %}"
        "{% if coupon_until %}{{ coupon_until|date }}{% endif %}{% if page_url %}{{ page_url }}"
        "{% endif %}{% if first_name == 'Zoë' %}!{% endif %}",
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize(
    ("bounds", "cheap"), [(WIDE, False), (WIDE, True), (FAIR, True)], ids=["as-is", "cheap", "fair"]
)
def test_no_render_ever_exceeds_the_announced_maximum(name, bounds, cheap):
    event, source = TEMPLATES[name]
    chance = random.Random(f"{name} {cheap} {bounds.usual}")
    variables = variables_for(event)
    template = compile_template(source, variables)
    words = TemplateWords(
        "marketing", dict.fromkeys(LANGUAGES, source), event, transliterate=cheap, max_parts=10
    )
    largest = {b.language: b.largest for b in lint(words, SHOP, Samples(bounds=bounds)).bills}
    rendered = 0
    for _ in range(SETS):
        values = {v.name: value(chance, v.name, v.kind, v.fields, bounds) for v in variables}
        language = chance.choice(LANGUAGES)
        try:
            text = render(
                template, values, language=language, zone="Europe/Paris", shorten=lambda *_: LINK
            ).text
        except RenderError:
            continue
        rendered += 1
        sent = count(with_stop(transliterate(text) if cheap else text, SHOP.stop_code))
        most = largest[language].count
        assert sent.parts <= most.parts, text
        if sent.encoding == most.encoding:
            assert sent.units <= most.units, text
    assert rendered > SETS // 4


def value(chance, name, kind, fields, bounds):
    """A value within its bound, missing now and then."""
    kind = kind_of(name, kind)
    if kind == "list":
        return [
            {f: value(chance, f, "any", (), bounds) for f in fields}
            for _ in range(chance.randint(0, bounds.items))
        ]
    if chance.random() < 0.15:
        return None
    if name == "page_url":
        return LINK
    return OF_KIND[kind](chance, name, bounds)


def words(chance, name, bounds):
    width = bounds.width(name)
    letters = (LATIN if may_be_costly(name) else PLAIN) + chance.choice(["", EXTENSION])
    made = "".join(chance.choices(letters, k=width))
    while (wide := widest(made)) > width:
        made = made[: -max(1, (wide - width) // 3)]
    return made


def widest(text):
    spellings = [t for one in (text, text.upper(), text.lower()) for t in (one, transliterate(one))]
    return max(units_of(one, code) for one in spellings for code in ("GSM7", "UCS2"))


def money(chance, name, bounds):
    cents = chance.randint(0, int(bounds.amount * 100))
    return {"amount": str(Decimal(cents) / 100), "currency": "EUR"}


def moment(chance, name, bounds):
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randint(0, 525_600))
    return at.isoformat()


OF_KIND = {
    "text": words,
    "money": money,
    "datetime": moment,
    "number": lambda chance, name, bounds: chance.randint(0, bounds.number),
    "url": lambda chance, name, bounds: "https://a.example/".ljust(
        chance.randint(20, bounds.url), "x"
    ),
}


def test_figures_come_from_real_events_where_there_are_any():
    events = [{"first_name": "x" * n} for n in range(1, 101)]
    words = TemplateWords("transactional", {"en": "{{ first_name }}" + "y" * 100})
    (bill,) = lint(words, SHOP, Samples(events)).bills
    found = [getattr(bill, name).count.units for name in ("shortest", "median", "p99", "largest")]
    assert found == [101, 151, 199, 200]
    assert bill.seen == 100


def test_a_real_value_beyond_its_bound_counts():
    events = [{"first_name": "x" * 300}, {"first_name": "Zoë"}]
    words = TemplateWords("transactional", {"en": "{{ first_name }}"}, max_parts=2)
    report = lint(words, SHOP, Samples(events))
    assert report.bills[0].largest.count.parts == 5  # one name is long, another one costly
    assert [found.code for found in report.errors] == ["too_many_parts"]


def test_events_without_a_value_are_counted_and_named():
    events = [{"first_name": "Zoé"}, {}, {"first_name": None}]
    words = TemplateWords("transactional", {"en": "Dear {{ first_name }}, your order is here"})
    report = lint(words, SHOP, Samples(events))
    assert report.bills[0].unfilled == 2
    (lacking,) = [found for found in report.findings if found.code == "no_value"]
    assert "2 of the last 3 events have no value for «first_name»" in lacking.words


def test_a_part_has_its_price_by_country_and_channel():
    shop = ShopWords(country="FR", prices={("sms", "FR"): (45_000, "EUR"), ("rcs", ""): (9, "EUR")})
    words = TemplateWords("transactional", {"en": "y" * 170}, rich={"en": {"text": "Hello"}})
    sms, rcs = lint(words, shop, Samples()).bills
    assert (sms.median.micros, sms.median.currency) == (90_000, "EUR")
    assert (rcs.channel, rcs.median.micros) == ("rcs", 9)
    elsewhere = ShopWords(country="DE", prices={("sms", "FR"): (45_000, "EUR")})
    assert lint(words, elsewhere, Samples()).bills[0].median.micros is None


def test_the_figures_stand_in_order():
    for event, source in TEMPLATES.values():
        for cheap in (True, False):
            words = TemplateWords("marketing", {"fr": source}, event, transliterate=cheap)
            (bill,) = lint(words, SHOP, Samples()).bills
            figures = [bill.shortest, bill.median, bill.p99, bill.largest]
            weights = [(f.count.parts, f.count.units) for f in figures]
            assert weights == sorted(weights), source
