import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Ignored, Request
from hub.contract.events import Event, faults_of

from .consent import answered, overruled, spoken, word_of
from .grid import Put, blocks, letters, text, width_of
from .rows import date_of, dedupe, is_spoilt, language_of, parse, phone_of

ROW = {"row": "r-1", "what": "added", "key": "row:r-1:added", "at": "2026-06-12T09:00:00+00:00"}


def request(**more):
    return Request("POST", {}, json.dumps(ROW | more).encode())


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        (33639980123, "+33639980123"),
        (639980123, "639980123"),
        (33639980123.0, "+33639980123"),
        ("06 39 98 01 23", "06 39 98 01 23"),
        (True, "TRUE"),
        (None, ""),
    ],
)
def test_a_phone_that_became_a_number_is_a_phone_again(cell, phone):
    assert phone_of(cell) == phone


def test_a_phone_whose_digits_are_lost_is_recognised():
    assert is_spoilt("3.36E+10")
    assert is_spoilt("3,36E+10")
    assert not is_spoilt("+33639980123")
    assert not is_spoilt(33639980123)


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        (46185.604166666664, "2026-06-12T14:30:00+02:00"),
        ("2026-06-12 14:30", "2026-06-12T14:30:00+02:00"),
        ("12/06/2026 14h30", "2026-06-12T14:30:00+02:00"),
        ("12.6.26", "2026-06-12T00:00:00+02:00"),
        ("2026-06-12T14:30:00Z", "2026-06-12T14:30:00+00:00"),
        (12, ""),
        ("31/02/2026", ""),
        ("soon", ""),
        (True, ""),
        (float("inf"), ""),
    ],
)
def test_dates_are_read_in_the_sheet_s_zone(cell, iso):
    assert date_of(cell, "Europe/Paris") == iso


def test_the_month_comes_first_where_the_sheet_is_american():
    assert date_of("6/12/2026", "America/New_York", True) == "2026-06-12T00:00:00-04:00"
    assert date_of("2026-06-12", "No/Where") == "2026-06-12T00:00:00+00:00"


@pytest.mark.parametrize(
    ("cell", "code"),
    [("fr_FR", "fr"), ("Français", "fr"), ("Deutsch", "de"), ("italiano", "it"), ("tlh?", "")],
)
def test_languages_are_read_by_code_or_name(cell, code):
    assert language_of(cell) == code


@pytest.mark.parametrize("yes", ["yes", "OUI", "sí", "Sì", "ja", "x", True, 1, "✓", "TRUE"])
def test_yes_in_five_languages(yes):
    assert spoken(yes) is True


@pytest.mark.parametrize("no", ["no", "Non", "nein", False, 0, "STOP", "0"])
def test_no_in_five_languages(no):
    assert spoken(no) is False


@pytest.mark.parametrize("silence", ["", None, "perhaps", "NO MORE THAN ONE A WEEK"])
def test_anything_else_says_nothing(silence):
    assert spoken(silence) is None


@given(
    st.lists(st.sampled_from([True, False, "person yes", "person no"]), max_size=8),
    st.sampled_from(["oui", "no", True, False, 1, "", "x"]),
)
def test_our_word_never_looks_like_a_person_s_and_theirs_always_does(acts, cell):
    echo, word = "", word_of(cell, "")[0]
    for act in acts:
        if isinstance(act, bool):
            written = answered(act, cell, echo, "oui")
            cell, echo = written or (cell, echo)
            assert word_of(cell, echo)[0] == word
        else:
            said = "oui" if act == "person yes" else "non"
            is_new = text(said) != text(cell)
            cell, before, word = said, word, word_of(said, echo)[0]
            # What the minute's reading then does.
            echo = overruled(cell, echo) or echo
            assert word_of(cell, echo)[0] == word
            assert word != before or not is_new
            assert not word_of(cell, echo)[1] or not is_new


def test_a_row_of_contacts_is_a_contact():
    [event] = parse(request(values={"email": "zoe@example.com"}), {"event": "contact"})
    assert (event.type, event.person.look_up) == ("contact.changed", True)


def test_what_is_neither_added_nor_changed_is_ignored():
    assert isinstance(parse(request(what="seen"), {}), Ignored)


@given(
    st.dictionaries(
        st.sampled_from([*ROW, "values", "texts", "zone", "month_first", "consent_column"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
            max_leaves=5,
        ),
    )
)
def test_a_body_that_makes_no_sense_is_read_or_refused_in_words(spoilt):
    body = request(**spoilt)
    assert dedupe(body)
    found = _read_or_refused(body)
    events = [] if isinstance(found, Ignored) else found
    assert [faults_of(e) for e in events if isinstance(e, Event)] in ([], [()])


def _read_or_refused(body):
    try:
        return parse(body, {})
    except ValueError as error:
        if not str(error).endswith("."):
            raise
        return []


@given(st.sets(st.tuples(st.integers(0, 12), st.integers(0, 30)), min_size=1))
def test_blocks_cover_each_cell_once_with_its_own_value(cells):
    found = {}
    for address, rows in blocks("L'été", [Put(r, c, "t", f"{r}/{c}") for r, c in cells]):
        assert address.startswith("'L''été'!")
        first, last = address.rpartition("!")[2].split(":")
        names = {letters(c): c for c in range(40)}
        column, top = (
            names[first.rstrip("0123456789")],
            int(first.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
        )
        assert width_of(address) == names[last.rstrip("0123456789")] + 1
        for down, row in enumerate(rows):
            for across, value in enumerate(row):
                assert (top - 1 + down, column + across) not in found
                found[(top - 1 + down, column + across)] = value
    assert found == {(r, c): f"{r}/{c}" for r, c in cells}
