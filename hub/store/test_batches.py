"""A poison row holds up nobody: the others are done, and it ends where a person sees it."""

from uuid import UUID, uuid4

from hub.store.batches import in_batches


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
