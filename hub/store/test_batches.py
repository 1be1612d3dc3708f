"""A poison row holds up nobody: the others are done, and it ends where a person sees it."""

from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from hub.store.batches import in_batches
from hub.store.database import row, run


class Shelf:
    """Rows in memory that behave like a claimed batch: all or nothing."""

    def __init__(self, count: int, poison: set[int]) -> None:
        self.rows = [uuid4() for _ in range(count)]
        self.poison = {self.rows[n] for n in poison}
        self.done: list[UUID] = []
        self.stumbled: dict[UUID, str] = {}

    def step(self, limit: int, claimed: list[UUID]) -> int:
        left = [r for r in self.rows if r not in self.done and r not in self.stumbled][:limit]
        claimed.extend(left)
        if self.poison & set(left):
            raise ValueError("poison")
        self.done += left
        return len(left)

    def stumble(self, row: UUID, reason: str) -> None:
        self.stumbled[row] = reason


def test_without_poison_a_batch_is_one_step():
    shelf = Shelf(10, set())
    assert in_batches(shelf.step, shelf.stumble, 200) == 10
    assert shelf.stumbled == {}


def test_poison_rows_stumble_alone_and_all_others_are_done():
    shelf = Shelf(10, {0, 4, 9})
    assert in_batches(shelf.step, shelf.stumble, 200) == 10
    assert set(shelf.stumbled) == shelf.poison
    assert len(shelf.done) == 7
    assert all("ValueError" in reason for reason in shelf.stumbled.values())


def test_where_the_database_ends_the_connection_no_row_is_tried_alone_or_blamed(ground):
    shelf, tries = Shelf(10, set()), []

    def end(pid):
        with psycopg.connect(ground.settings.database_url) as owner:
            owner.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    def step(limit, claimed):
        with ground.database.begin() as db:
            tries.append(limit)
            claimed += shelf.rows[:limit]
            end(row(db, "SELECT pg_backend_pid() AS pid")["pid"])
            return run(db, "SELECT 1")

    with pytest.raises(DBAPIError):
        in_batches(step, shelf.stumble, 200)
    assert (tries, shelf.stumbled) == ([200], {})


def test_a_database_that_goes_while_rows_are_tried_alone_blames_none_of_them():
    shelf = Shelf(10, {0, 4})

    def step(limit, claimed):
        if limit == 1 and len(shelf.stumbled) == 1:
            raise DBAPIError("SELECT 1", {}, psycopg.OperationalError("the connection is lost"))
        return shelf.step(limit, claimed)

    with pytest.raises(DBAPIError):
        in_batches(step, shelf.stumble, 200)
    assert set(shelf.stumbled) == {shelf.rows[0]}


def test_a_statement_that_takes_too_long_is_the_rows_own_fault(ground):
    shelf = Shelf(3, {1})

    def step(limit, claimed):
        with ground.database.begin() as db:
            run(db, "SET LOCAL statement_timeout = '20ms'")
            try:
                return shelf.step(limit, claimed)
            except ValueError:
                return run(db, "SELECT pg_sleep(5)")

    assert in_batches(step, shelf.stumble, 200) == 3
    assert set(shelf.stumbled) == shelf.poison
