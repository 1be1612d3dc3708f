"""An address is read once for all who ask for it at the same time."""

import threading
from dataclasses import replace

import pytest

from hub.intake.addresses import Addresses


class Slow:
    """The database, with its transactions counted; each waits until it is let go."""

    def __init__(self, database, error):
        self.database, self.error, self.asked = database, error, 0
        self.entered, self.go = threading.Event(), threading.Event()

    def begin(self, workspace=None):
        self.asked += 1
        self.entered.set()
        self.go.wait(10)
        if self.error:
            raise self.error
        return self.database.begin(workspace)


@pytest.mark.parametrize("error", [None, OSError("away")])
def test_whoever_asks_meanwhile_hears_what_the_first_one_hears(ground, error):
    slow, told, begun = Slow(ground.database, error), [], threading.Barrier(8)
    addresses = Addresses(replace(ground, database=slow))

    def ask():
        try:
            told.append(addresses.find("shop", "token"))
        except OSError as failure:
            told.append(failure)

    def ask_too():
        begun.wait(10)
        ask()

    threads = [threading.Thread(target=ask), *(threading.Thread(target=ask_too) for _ in range(7))]
    threads[0].start()
    assert slow.entered.wait(10)
    for thread in threads[1:]:
        thread.start()
    begun.wait(10)
    threads[1].join(0.1)  # none of them comes to the database while the first is there
    assert slow.asked == 1
    slow.go.set()
    for thread in threads:
        thread.join(10)
    assert told == [error] * 8
