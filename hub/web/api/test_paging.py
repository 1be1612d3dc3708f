"""Cursors: ours come back, all others are refused."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.api.paging import MOST, USUAL, Cursors
from hub.web.api.problems import Problem

LIST = Cursors(b"k" * 32, "shop-a:messages")
_KEYS = st.binary(min_size=32, max_size=32)


@given(st.uuids(), _KEYS, st.text(max_size=30))
def test_a_cursor_comes_back_as_its_row(row: UUID, key: bytes, about: str):
    cursors = Cursors(key, about)
    assert cursors.open(cursors.seal(row)) == row


@given(st.text(max_size=80))
def test_whatever_is_typed_is_refused(text: str):
    with pytest.raises(Problem) as refusal:
        LIST.open(text)
    assert refusal.value.status == 400


@given(st.uuids(), st.integers(0, 27), st.integers(1, 255))
def test_one_changed_byte_is_refused(row: UUID, place: int, change: int):
    whole = bytearray(base64.urlsafe_b64decode(LIST.seal(row) + "=="))
    whole[place] ^= change
    with pytest.raises(Problem):
        LIST.open(base64.urlsafe_b64encode(bytes(whole)).decode())


@given(st.uuids())
def test_a_cursor_of_another_list_is_refused(row: UUID):
    with pytest.raises(Problem):
        LIST.open(Cursors(LIST.key, "shop-b:messages").seal(row))


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "1.5", "", "9" * 400, "٣"])
def test_a_limit_out_of_range_is_refused(limit: str):
    with pytest.raises(Problem):
        LIST.page({"limit": limit})


def test_without_words_the_first_page_is_meant():
    page = LIST.page({})
    assert (page.limit, page.start) == (USUAL, None)
    assert LIST.page({"limit": str(MOST)}).limit == MOST
