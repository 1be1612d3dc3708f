"""The oracle counts what the carriers and the shop saw, and nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.local.chaos.ledger import Ledger


def _told(ledger: Ledger, n: int, kind: str = "sent", marker: str = "ab12") -> None:
    ledger.notes[kind].write(n, marker)


def test_an_order_without_a_message_is_missing():
    ledger = Ledger()
    for n in (0, 2):
        ledger.accept(n)
        _told(ledger, n)
    assert ledger.counts(3)["missing"] == 1
    assert ledger.missing(3) == [1]


def test_a_second_message_for_an_order_is_double():
    ledger = Ledger()
    for n in (0, 1, 1):
        ledger.accept(n)
    assert ledger.counts(2)["double"] == ledger.double == 1
    assert ledger.having == 2


def test_each_message_is_told_as_sent_and_each_receipt_as_delivered():
    ledger = Ledger()
    ledger.accept(0)
    assert ledger.counts(1)["untold"] == 1
    _told(ledger, 0)
    assert ledger.counts(1)["untold"] == 0
    ledger.receipt_taken(0)
    assert ledger.counts(1)["untold"] == 1
    _told(ledger, 0, "delivered")
    assert ledger.counts(1)["untold"] == ledger.counts(1)["told_twice"] == 0


def test_a_note_that_is_written_twice_is_seen_and_its_marker_is_known():
    ledger = Ledger()
    _told(ledger, 4)
    _told(ledger, 4)
    assert ledger.counts(5)["told_twice"] == 1
    assert ledger.notes["sent"].has(4, "ab12")
    assert not ledger.notes["sent"].has(4, "ab13")
    assert not ledger.notes["sent"].has(9_999, "ab12")


def test_a_message_about_no_order_is_strange():
    ledger = Ledger()
    ledger.accept(7)
    assert ledger.counts(5)["strange"] == 1


@settings(max_examples=30)
@given(st.lists(st.integers(0, 40)))
def test_the_running_figures_agree_with_the_verdict(taken: list[int]):
    ledger = Ledger()
    for n in taken:
        ledger.accept(n)
    counted = ledger.counts(41)
    assert counted["accepted"] == ledger.having == len(set(taken))
    assert counted["double"] == len(taken) - len(set(taken))
