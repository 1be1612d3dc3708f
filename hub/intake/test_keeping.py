"""Deliveries that come together are written together, and each stands or falls by itself."""

import threading
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest

from hub.intake.keeping import Keeper
from hub.store.database import rows
from hub.store.intakes import Raw


@pytest.fixture
def delivery(workspace, clock):
    def make(key):
        return Raw(workspace, None, "events", "webhook", key, "POST", {}, {}, b"{}", clock())

    return make


def kept(ground):
    with ground.database.begin() as db:
        return len(rows(db, "SELECT 1 FROM intakes"))


def at_once(keeper, deliveries):
    """Keeps each from a thread of its own; what each was told, in their order."""
    told = [None] * len(deliveries)

    def keep(place, raws):
        try:
            told[place] = keeper.keep(raws)
        except psycopg.Error as error:
            told[place] = error

    threads = [threading.Thread(target=keep, args=each) for each in enumerate(deliveries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


class Counted:
    """The database, with its transactions counted; the first waits until it is let go."""

    def __init__(self, database):
        self.database, self.transactions, self.go = database, 0, threading.Event()

    @contextmanager
    def at_once(self):
        self.transactions += 1
        if self.transactions == 1:
            self.go.wait(10)
        with self.database.at_once() as cursor:
            yield cursor


def test_those_who_come_while_one_is_written_share_the_next_transaction(ground, delivery):
    counted = Counted(ground.database)
    keeper = Keeper(counted, ground.vault)
    first = threading.Thread(target=keeper.keep, args=([delivery("first")],))
    first.start()
    rest = threading.Thread(target=at_once, args=(keeper, [[delivery(f"d{n}")] for n in range(20)]))
    rest.start()
    while len(keeper._waiting) < 20:
        pass
    counted.go.set()
    rest.join()
    first.join()
    assert kept(ground) == 21
    assert counted.transactions == 2


def test_what_was_kept_before_is_no_news_and_neither_is_its_twin_of_this_moment(ground, delivery):
    keeper = Keeper(ground.database, ground.vault)
    assert keeper.keep([delivery("one"), delivery("two")]) == 2
    told = at_once(keeper, [[delivery("one")], [delivery("three"), delivery("two")]])
    assert told == [0, 1]
    assert sorted(at_once(keeper, [[delivery("twin")], [delivery("twin")]])) == [0, 1]
    assert kept(ground) == 4


def test_one_that_cannot_be_kept_takes_no_other_down_with_it(ground, delivery):
    keeper = Keeper(ground.database, ground.vault)
    lost = replace(delivery("x"), road="nowhere")  # a road that the database refuses
    told = at_once(keeper, [[delivery("a")], [lost], [delivery("b")]])
    assert told[0] == told[2] == 1
    assert isinstance(told[1], psycopg.IntegrityError)
    assert kept(ground) == 2


def test_a_request_that_brought_nothing_keeps_nothing(ground):
    assert Keeper(ground.database, ground.vault).keep([]) == 0
