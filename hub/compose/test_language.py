"""Rendering: the right words on the right path, and no hole in any text."""

import pytest

from hub.compose.language import (
    MissingVariable,
    RenderError,
    TemplateError,
    TooLong,
    compile_template,
    render,
)
from hub.contract.events import Variable


def test_the_names_of_a_template_include_those_asked_in_an_if(check):
    template = check("{{ first_name }}{% if is_new %}{% for i in items %}x{% endfor %}{% endif %}")
    assert template.names == {"first_name", "is_new", "items"}


def test_the_same_template_is_compiled_once(check):
    assert check("Hello {{ first_name }}") is check("Hello {{ first_name }}")


def test_the_same_words_with_other_variables_are_checked_again(check):
    check("{{ first_name }}")
    with pytest.raises(TemplateError):
        compile_template(
            "{{ first_name }}", (Variable("brand", "text", "Maison Lune", "Your brand"),)
        )


def test_an_unknown_kind_of_variable_is_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="«colour», the kind of «x»"):
        compile_template("{{ x }}", (Variable("x", "colour", "red", "A colour"),))


@pytest.mark.parametrize("nothing", [None, "", "   ", "\n", "\u200b", "\x00"])
def test_a_missing_value_never_leaves_a_hole(nothing, say):
    with pytest.raises(MissingVariable) as missing:
        say("Hello {{ first_name }} of {{ brand }}", first_name=nothing, brand=nothing)
    assert missing.value.names == ("first_name", "brand")
    assert missing.value.words.startswith("There is no value for «first_name», «brand».")


def test_an_absent_value_is_missing(check):
    with pytest.raises(MissingVariable):
        render(check("{{ first_name }}"), {}, language="en", zone="UTC")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("{{ order_total|money }}", ("order_total",)),
        ("{{ starts_at|date|upper }}", ("starts_at",)),
        ("{{ tags|first }}", ("tags",)),
        ("{% for item in items %}{{ item.name }}{% endfor %}", ("items",)),
        ("{{ first_name }}{{ first_name }}", ("first_name",)),
    ],
)
def test_a_missing_value_stays_missing_through_filters_and_loops(source, names, check):
    with pytest.raises(MissingVariable) as missing:
        render(check(source), {}, language="en", zone="UTC")
    assert missing.value.names == names


def test_a_missing_field_of_an_item_is_named(say):
    with pytest.raises(MissingVariable) as missing:
        say("{% for item in items %}{{ item.name }}{% endfor %}", items=[{"quantity": 1}])
    assert missing.value.names == ("item.name",)


def test_a_path_not_taken_misses_nothing(say):
    assert say("a{% if first_name %} {{ first_name }}{% endif %}", first_name=None) == "a"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("first_name", False),
        ("not first_name", True),
        ("first_name == 'Zoë'", False),
        ("first_name != 'Zoë'", True),
        ("item_count > 0", False),
        ("item_count < 0", False),
        ("first_name or brand", True),
        ("first_name and brand", False),
    ],
)
def test_a_missing_variable_is_false_in_an_if(condition, holds, say):
    source = f"{{% if {condition} %}}yes{{% else %}}no{{% endif %}}"
    assert say(source, first_name=None, item_count=None) == ("yes" if holds else "no")


@pytest.mark.parametrize(
    ("name", "value", "holds"),
    [
        ("item_count", 0, False),
        ("item_count", "0.0", False),
        ("item_count", "3", True),
        ("order_total", {"amount": "0.00", "currency": "EUR"}, False),
        ("order_total", {"amount": "0.01", "currency": "EUR"}, True),
        ("is_new", "false", False),
        ("is_new", "true", True),
        ("items", [], False),
        ("first_name", "0", False),
    ],
)
def test_what_counts_as_true(name, value, holds, say):
    source = f"{{% if {name} %}}yes{{% else %}}no{{% endif %}}"
    assert say(source, **{name: value}) == ("yes" if holds else "no")


def test_defaults_fill_in_and_are_told(check):
    template = check("{{ first_name }}, {{ brand|default('us')|upper }}")
    rendered = render(template, {}, language="en", zone="UTC", defaults={"first_name": "Hello"})
    assert rendered.text == "Hello, US"
    assert rendered.defaulted == ("first_name", "brand")


def test_the_default_of_the_text_goes_before_the_default_of_the_template(say):
    assert say("{{ brand|default('a') }}", brand="", defaults={"brand": "b"}) == "a"


def test_a_default_stands_in_for_money_and_for_an_empty_list(say):
    assert say("{{ order_total|default('nothing')|money }}", order_total=None) == "nothing"
    assert say("{{ tags|first|default('none') }}", tags=[]) == "none"


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Chemise en lin blanc", 15, "Chemise en..."),
        ("Chemise en lin blanc", 20, "Chemise en lin blanc"),
        ("Incomprehensibilities", 12, "Incompreh..."),
        ("€" * 10, 20, "€" * 10),
        ("€" * 10, 13, "€€€€€..."),
        ("😀" * 10, 9, "😀😀😀..."),
        ("a b", 2, "a"),
    ],
)
def test_truncation_counts_what_is_billed(text, most, short, say):
    assert say(f"{{{{ first_name|truncate_gsm({most}) }}}}", first_name=text) == short


@pytest.mark.parametrize(("amount", "word"), [(0, "many"), (1, "one"), ("1", "one"), (2, "many")])
def test_plural_chooses_by_the_number(amount, word, say):
    assert say("{{ item_count|plural('one', 'many') }}", item_count=amount) == word


def test_plural_of_a_list_counts_its_items(say):
    assert say("{{ tags|plural('one', 'many') }}", tags=["a"]) == "one"


def test_zero_has_no_sign(say):
    assert say("{{ item_count }}", item_count=-0.0) == "0"


def test_two_missing_values_are_equal_and_in_no_order(say):
    source = "{% if first_name == brand and not (first_name < brand) %}yes{% endif %}"
    assert say(source, first_name=None, brand=None) == "yes"


def test_a_loop_stops_after_twenty_items(say):
    assert say("{% for tag in tags %}{{ tag }}{% endfor %}", tags=["x"] * 100_000) == "x" * 20


def test_an_empty_list_loops_no_time(say):
    assert say("a{% for tag in tags %}{{ tag }}{% endfor %}", tags=[]) == "a"


def test_a_text_beyond_every_carrier_is_refused_not_cut(say):
    with pytest.raises(TooLong) as refused:
        say("{% for tag in tags %}{{ tag }}{% endfor %}", tags=["x" * 400] * 20)
    assert refused.value.characters == 8000


def test_a_text_that_comes_out_empty_is_refused(say):
    with pytest.raises(RenderError, match="empty for this person"):
        say("{% if is_new %}x{% endif %} ", is_new=False)
