"""Numbers and senders as people write them and as attackers do: read, or refused in a sentence."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.compose.sender import is_name, is_number
from hub.contract import NotAPhone, Phone
from hub.local.corpus.cases import cases

CASES = cases("4.3", "4.3")
NUMBERS = [case for case in CASES if case.fields["kind"] == "number"]
SENDERS = [case for case in CASES if case.fields["kind"] == "sender"]


def _read(text: str, country: str) -> tuple[str, ...]:
    """E.164, with its country and with its kind; R where it is refused."""
    try:
        phone = Phone.parse(text, country)
    except NotAPhone as refusal:
        return ("R",) if str(refusal).endswith(".") else ("no sentence",)
    bare = phone.e164
    plain = (bare,) if phone.kind == "mobile" else ()
    return (*plain, f"{bare}:{phone.country}", f"{bare}:{phone.kind}")


@pytest.mark.parametrize("case", NUMBERS, ids=str)
def test_a_number_is_read_as_meant_or_refused(case):
    began = time.thread_time()
    found = _read(case.fields["text"], case.fields["country"])
    assert time.thread_time() - began < 1.0
    assert case.expected in found


@pytest.mark.parametrize("case", SENDERS, ids=str)
def test_a_sender_that_no_gateway_should_see_is_refused(case):
    text = case.fields["text"]
    assert ("OK" if is_name(text) or is_number(text) else "R") == case.expected


_TEXTS = st.text(max_size=30) | st.text(alphabet="+0123456789()-. /\u00a0xEe,;", max_size=24)


@given(_TEXTS, st.sampled_from(["", "FR", "US", "GB", "IT", "ZZ"]))
def test_whatever_is_typed_is_a_number_that_reads_as_itself_or_no_number(text, country):
    found = _read(text, country)
    assert found == ("R",) or Phone.parse(found[0].partition(":")[0]).e164 in found[-1]


@given(st.text(max_size=14) | st.text(alphabet="ABCabc019 +-_.'\r\n\x00é\u202e", max_size=12))
def test_a_sender_is_plain_ascii_of_a_bounded_length(text):
    if is_name(text) or is_number(text):
        assert text.isascii()
        assert text.isprintable()
        assert 0 < len(text) <= 16
