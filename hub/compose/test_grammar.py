"""The allow-list: what a template can say, and what it refuses in which words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose.language import TemplateError

_PIECES = re.split(
    " ",
    "{{ }} {% %} {# #} if for in else elif endif endfor set range raw endraw not is items item "
    "first_name default 1 __class__ . ( ) [ ] | ' ~ + == , : \n",
)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hello", "Hello"),
        ("Hello {{ first_name }}!", "Hello Zoë!"),
        ("{{ order_total }}", "€64.90"),
        ("{{ order_total|money }}", "€64.90"),
        ("{{ item_count }} articles", "2 articles"),
        ("{{ cart_url }}", "https://rls.example/c/4fT9aLq2Zx"),
        ("{{ starts_at }}", "August 13, 2:30 PM"),
        ("{{ starts_at|weekday }} {{ starts_at|date }}", "Thursday August 13"),
        ("{{ starts_at|time }}", "2:30 PM"),
        ("{{ first_name|upper }}", "ZOË"),
        ("{{ brand|lower }}", "maison lune"),
        ("{{ brand|first }}", "Maison"),
        ("{{ tags|first }}", "vip"),
        ("{{ items|first }}", "Linen shirt"),
        ("{{ tags|first|upper }}", "VIP"),
        ("{{ brand|truncate_gsm(9) }}", "Maison..."),
        ("{{ brand|truncate_gsm(11) }}", "Maison Lune"),
        ("{{ brand|truncate_gsm(3) }}", "Mai"),
        ("{{ item_count|plural('article', 'articles') }}", "articles"),
        ("{{ items|plural('article', 'articles') }}", "articles"),
        ("{{ tags|first|truncate_gsm(2) }}", "vi"),
        ("{{ order_total|upper }}", "€64.90"),
        ("{% if is_new %}new{% else %}known{% endif %}", "new"),
        ("{% if item_count > 1 %}many{% endif %}", "many"),
        ("{% if item_count == 2.0 %}two{% endif %}", "two"),
        ("{% if order_total >= 64.9 %}dear{% endif %}", "dear"),
        ("{% if order_number == '1043' and not (item_count < 2) %}yes{% endif %}", "yes"),
        ("{% if item_count == 1 %}a{% elif item_count == 2 %}b{% else %}c{% endif %}", "b"),
        ("{% if is_new == true %}a{% endif %}", "a"),
        ("{% for item in items %}{{ item.quantity }} {{ item.name }}; {% endfor %}", None),
        ("{% for item in items %}{{ item.total|money }} {% endfor %}", "€39.90 €25.00"),
        ("{% for tag in tags %}{{ tag }} {% endfor %}", "vip lyon"),
        ("{% raw %}{{ first_name }}{% endraw %}", "{{ first_name }}"),
        ("a {# a remark #}b", "a b"),
        ("a\r\nb", "a\nb"),
        ("  a  ", "a"),
        (
            "${7*7} <%=7*7%> #{7*7} ((first_name)) %s {0}",
            "${7*7} <%=7*7%> #{7*7} ((first_name)) %s {0}",
        ),
    ],
)
def test_what_the_language_says(source, text, say):
    assert say(source) == (text or "1 Linen shirt; 1 Silk scarf;")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "{{ frist_name }}",
            "«frist_name» is not a variable of order.created. Did you mean «first_name»?",
        ),
        ("{{ FIRST_NAME }}", "Did you mean «first_name»?"),
        ("{{ xyzzy }}", "The variables are: brand, cart_url,"),
        ("{% if frist_name %}x{% endif %}", "Did you mean «first_name»?"),
        ("{{ first_name() }}", "A call"),
        ("{{ range(10) }}", "A call"),
        ("{{ first_name.upper() }}", "A call"),
        ("{{ first_name.x }}", "An attribute"),
        ("{{ first_name.__class__ }}", "An attribute"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "A call"),
        ("{{ self.__init__.__globals__ }}", "An attribute"),
        ("{{ items.0 }}", "A subscript"),
        ("{{ items[0] }}", "A subscript"),
        ("{{ first_name[:3] }}", "A subscript"),
        ("{{ 7*7 }}", "Arithmetic"),
        ("{{ item_count + 1 }}", "Arithmetic"),
        ("{{ -item_count }}", "Arithmetic"),
        ("{{ 'a' * 1000000000 }}", "Arithmetic"),
        ("{% if item_count + 1 > 2 %}x{% endif %}", "Arithmetic"),
        ("{{ first_name ~ brand }}", "Joining"),
        ("{{ first_name is defined }}", "A test"),
        ("{% if item_count is divisibleby(3) %}x{% endif %}", "A test"),
        ("{{ first_name if is_new else brand }}", "A short"),
        ("{{ item_count > 1 }}", "A comparison"),
        ("{{ first_name or brand }}", "«and», «or» and «not»"),
        ("{{ 'text' }}", "A constant"),
        ("{{ ['a'] }}", "A list of constants"),
        ("{{ {'a': 1} }}", "A list of constants"),
        ("{% set x = 1 %}", "«set»"),
        ("{% set x %}a{% endset %}", "«set»"),
        ("{% macro m() %}{% endmacro %}", "«macro»"),
        ("{% call x() %}{% endcall %}", "«macro» and «call»"),
        ("{% include 'x' %}", "included or imported"),
        ("{% import 'x' as y %}", "included or imported"),
        ("{% from 'x' import y %}", "included or imported"),
        ("{% extends 'x' %}", "included or imported"),
        ("{% block b %}{% endblock %}", "«block»"),
        ("{% filter upper %}x{% endfilter %}", "A filter block"),
        ("{% with a = 1 %}{% endwith %}", "«with»"),
        ("{% autoescape true %}{% endautoescape %}", "«autoescape»"),
        ("{% trans %}x{% endtrans %}", "cannot be read"),
        ("{% do x %}", "cannot be read"),
        ("{{ first_name", "cannot be read"),
        ("{{ a{{ b }} }}", "cannot be read"),
        ("{% if first_name %}x", "cannot be read"),
        ("{{ first_name|nope }}", "«nope» is not a filter. The filters are: date, default,"),
        ("{{ first_name|attr('__class__') }}", "«attr» is not a filter"),
        ("{{ items|map(attribute='x') }}", "«map» is not a filter"),
        ("{{ first_name|money }}", "does not fit «first_name», which is a text"),
        ("{{ order_total|date }}", "does not fit"),
        ("{{ items|upper }}", "does not fit"),
        ("{{ starts_at|date('%9999d') }}", "takes nothing in brackets"),
        ("{{ first_name|default }}", "takes a text in brackets"),
        ("{{ first_name|default('') }}", "needs words"),
        ("{{ first_name|default(brand) }}", "takes a text in brackets"),
        ("{{ first_name|default(brand, 'x') }}", "takes a text in brackets"),
        ("{{ first_name|default(value='x') }}", "takes a text in brackets"),
        ("{{ first_name|default(*tags) }}", "takes a text in brackets"),
        ("{{ first_name|default('a' ~ 'b') }}", "takes a text in brackets"),
        ("{{ first_name|truncate_gsm(0) }}", "from 1 to 500"),
        ("{{ first_name|truncate_gsm(true) }}", "takes a number in brackets"),
        ("{{ item_count|plural('one') }}", "takes a text and a text in brackets"),
        ("{{ brand|lower|upper|lower|upper|lower|upper }}", "6 filters in a row"),
        ("{{ items }}", "has no words"),
        ("{{ is_new }}", "Use it in «if»."),
        ("{% if starts_at > '2026' %}x{% endif %}", "cannot be compared"),
        ("{% if items == 1 %}x{% endif %}", "cannot be compared"),
        ("{% if item_count == '2' %}x{% endif %}", "Compare values of one kind"),
        ("{% if 1 < item_count < 3 %}x{% endif %}", "two values at a time"),
        ("{% if 'a' in brand %}x{% endif %}", "«in» is not allowed"),
        ("{% if first_name == none %}x{% endif %}", "«none» is not allowed"),
        ("{% if first_name|upper == 'A' %}x{% endif %}", "A filter cannot be used in an «if»"),
        ("{% for item in items %}{{ item }}{% endfor %}", "for instance «item.name»"),
        ("{% for item in items %}{{ item.price }}{% endfor %}", "The fields are: «item.name»"),
        ("{% for item in items %}{{ item.__class__ }}{% endfor %}", "does not exist"),
        ("{% for item in items %}{{ item['name'] }}{% endfor %}", "A subscript"),
        ("{% for item in items %}{{ loop.index }}{% endfor %}", "An attribute"),
        ("{% for item in items %}x{% endfor %}{{ item }}", "«item» is not a variable"),
        ("{% for a in items %}{% for b in tags %}x{% endfor %}{% endfor %}", "inside a «for»"),
        ("{% for item in items if item.name %}x{% endfor %}", "takes no «if»"),
        ("{% for item in items %}x{% else %}y{% endfor %}", "takes no «if»"),
        ("{% for item in items recursive %}x{% endfor %}", "takes no «if»"),
        ("{% for a, b in items %}x{% endfor %}", "takes one name"),
        ("{% for brand in items %}x{% endfor %}", "is a variable already"),
        ("{% for c in first_name %}x{% endfor %}", "not a list"),
        ("{% for i in range(9) %}x{% endfor %}", "A call"),
        ("{% for i in [1, 2] %}x{% endfor %}", "A list of constants"),
        ("", "is empty"),
        (" \n ", "is empty"),
        ("a" * 4001, "more than 4000"),
        ("{{ first_name }}" * 210, "more than 200 elements"),
        ("{{ " + "(" * 1500 + "first_name" + ")" * 1500 + " }}", "nested too deeply"),
        ("{% if is_new %}" * 250, "nested too deeply"),
        ("{% if " + "not " * 900 + "is_new %}x{% endif %}", "200 elements"),
        ("{{ first\x00_name }}", "hidden character (U+0000)"),
        ("a \u202e b", "hidden character (right-to-left override)"),
        ("a \ud800 b", "hidden character (U+D800)"),
    ],
)
def test_what_the_language_refuses_is_named(source, words, check):
    with pytest.raises(TemplateError) as refused:
        check(source)
    assert words in refused.value.words
    assert refused.value.words.endswith((".", "?"))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a\nb\n{{ nope }}", 3),
        ("a\r\nb\r\n{{ nope }}", 3),
        ("{% if brand %}\na\n{% endif %}\n{{ nope }}", 4),
        ("a\n\n{% set x = 1 %}", 3),
        ("a\n{{ first_name", 2),
        ("a\nb \u202e", 2),
        ("a\n{{ first_name\n|nope }}", 3),
    ],
)
def test_an_error_tells_its_line(source, line, check):
    with pytest.raises(TemplateError) as refused:
        check(source)
    assert refused.value.line == line
    assert str(refused.value).startswith(f"Line {line}: ")


def test_a_tag_alone_on_its_line_leaves_no_empty_line(say):
    source = "Thank you\n{% if is_new %}\n  Welcome\n{% endif %}\nBye"
    assert say(source) == "Thank you\n  Welcome\nBye"
    assert say(source, is_new=False) == "Thank you\nBye"
    assert say("a\n{%- if is_new +%}\nb\n{%- endif -%}\nc") == "abc"


def test_a_line_break_after_a_tag_within_a_line_stays(say):
    assert say("Hi{% if is_new %}, new{% endif %}\nBye") == "Hi, new\nBye"


@given(pieces=st.lists(st.sampled_from(_PIECES), max_size=40))
def test_whatever_is_written_it_compiles_or_the_line_is_told(pieces, check):
    source = " ".join(pieces)
    try:
        check(source)
    except TemplateError as refused:
        line = refused.line
    else:
        line = 1
    assert 1 <= line <= source.count("\n") + 1
