"""Widths add up: whatever two pieces become side by side, they are no wider than both."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.compose.alphabet import transliterate
from hub.compose.declared import variables_for
from hub.compose.extent.bounds import FAIR
from hub.compose.extent.outline import outline_of
from hub.compose.extent.widths import Ruler, most_characters
from hub.compose.segments import count, units_of

PIECES = st.text(
    alphabet=st.sampled_from("ab €[]ß«»“’…œéë\u0301\ufe0f\u200d👩🏽 \u00a0\n"), max_size=90
)
CART = variables_for("cart.abandoned")


@settings(max_examples=150)
@given(PIECES, PIECES, st.booleans())
def test_a_joined_text_is_never_wider_than_its_pieces(one, other, cheap):
    ruler = Ruler("fr", FAIR, cheap)
    joined = transliterate(one + other) if cheap else one + other
    width, most = ruler.of(joined), ruler.of(one) + ruler.of(other)
    assert width.gsm <= most.gsm
    assert width.ucs <= most.ucs
    assert most.costly or not width.costly


@settings(max_examples=150)
@given(st.text(alphabet=st.sampled_from("a€[ë👩"), max_size=400))
def test_no_text_takes_more_parts_than_its_width_says(text):
    counted, most = count(text), Ruler("fr", FAIR).of(text).count()
    assert counted.parts <= most.parts
    assert units_of(text, counted.encoding) == most.units


def test_a_list_is_measured_at_its_longest_and_a_choice_at_its_widest():
    source = "{% for item in items %}{% if item.quantity %}12{% else %}1234{% endif %}{% endfor %}"
    assert Ruler("en", FAIR).widest(outline_of(source, CART)).gsm == 4 * FAIR.items


def test_one_answer_holds_for_the_whole_text():
    source = "{% if first_name %}aa{% endif %}{% if not first_name %}bbb{% endif %}"
    assert Ruler("en", FAIR).widest(outline_of(source, CART)).gsm == 3


def test_characters_are_counted_in_the_longest_language():
    booking = variables_for("booking.created")
    assert most_characters("{{ starts_at|weekday }}", booking) == len("Donnerstag")
    assert most_characters("Bonjour", booking) == 7
    assert most_characters("{{ item.name }}", CART, each="items") == 60
