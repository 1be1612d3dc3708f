"""Random histories of a sheet that people work in while the hub reads and writes it."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.contract import Context, Unavailable
from hub.contract.kit.simulator import serve

from .conftest import Hands, Reader, outcome
from .results import sign_of
from .simulator import Simulator

ACTS = ("add", "edit", "sort", "insert", "delete", "copy", "race", "die", "poll", "crash", "tell")


@dataclass
class History:
    """A sheet, the hub at it, and what must have been told of each product by now."""

    sheet: Simulator
    hub: Reader
    made: int = 0
    died: bool = False  # while it wrote; the next poll puts right what that left
    frozen: set = field(default_factory=set)  # what a reader may not tell apart until it polled
    added: dict = field(default_factory=dict)
    last: dict = field(default_factory=dict)
    marks: dict = field(default_factory=dict)
    subjects: dict = field(default_factory=dict)

    def act(self, name, pick):
        getattr(self, f"do_{name}")(pick)

    def at(self, pick):
        """A row with somebody in it: its number and its product."""
        full = [(n, r["Product"]) for n, r in enumerate(self.sheet.rows(), 2) if r["Product"]]
        return full[pick % len(full)] if full else (0, "")

    def new(self):
        self.made += 1
        return f"P{self.made}"

    def do_add(self, pick):
        self.sheet.add_row(product=self.new(), first_name=f"N{pick}", status="s0")

    def do_edit(self, pick):
        row, product = self.at(pick)
        if row and product not in self.frozen:
            self.made += 1
            self.sheet.edit_row(row, status=f"s{self.made}")

    def do_sort(self, pick):
        self.sheet.sort_by(("First name", "Product", "Status")[pick % 3], down=pick % 2 == 0)

    def do_insert(self, pick):
        self.sheet.people.insert_row(2 + pick % max(len(self.sheet.rows()), 1))

    def do_delete(self, pick):
        row, product = self.at(pick)
        if row and product not in self.frozen:
            self.sheet.people.delete_row(row)

    def do_copy(self, pick):
        row, product = self.at(pick)
        told = self.last.get(product) == self.sheet.rows()[row - 2]["Status"] if row else False
        if told and product not in self.frozen:
            copy = self.sheet.people.duplicate_row(row, at=row if pick % 2 else row + 1)
            made = self.new()
            self.sheet.edit_row(copy, product=made)
            self.frozen |= {product, made}

    def do_race(self, pick):
        acts = (self.do_sort, self.do_insert, self.do_delete)
        if not self.sheet.doors.before_write:
            self.sheet.on_next_write(lambda: acts[pick % 3](pick))

    def do_die(self, _):
        """The next write of ids is done, and the hub never hears of it."""
        self.sheet.faults.clear()
        self.sheet.faults.plan("500_after", on="values:batchUpdate")

    def polls(self, **how):
        """One poll, which may die while it writes; what it told before counts."""
        try:
            self.hub.poll(**how)
        except Unavailable:
            # A row that bears another's id by now is only known by its content.
            self.frozen |= {row["Product"] for row in self.sheet.rows()}
            self.died = True
        self.hear(self.hub.heard)

    def do_poll(self, _):
        self.died = False
        self.polls()
        if not self.died:
            self.frozen.clear()

    def do_crash(self, _):
        self.polls(crash=True)
        # Its first telling cannot be told again under another key: see the README's limits.
        self.frozen |= {e.data["text_1"] for e in self.hub.heard}

    def hear(self, events):
        for event in events:
            product, status = event.data["text_1"], event.data["status"]
            self.subjects[product] = event.subject
            if event.type == "row.added":
                self.added[product] = self.added.get(product, 0) + 1
            assert self.last.get(product) != status, "told twice"
            self.last[product] = status

    def do_tell(self, pick):
        # A result goes where its id stands: see the README's limits.
        self.sheet.faults.clear()
        if not self.died:
            self.tell(pick)

    def tell(self, pick):
        known = [r["Product"] for r in self.sheet.rows() if r["Product"] in self.subjects]
        told = [(p, outcome(self.subjects[p])) for p in known[: 1 + pick % 4]]
        written = self.told(*(o for _, o in told)) if told else []
        for (product, one), result in zip(told, written, strict=True):
            if result.reference:
                self.marks.setdefault(product, []).append(one.marker)

    def told(self, *outcomes):
        try:
            return self.hub.tell(*outcomes)
        except Unavailable:  # then the hub tells them again
            return self.hub.tell(*outcomes)

    def check(self):
        self.sheet.faults.clear()
        self.do_poll(0)
        assert self.hub.poll() == []
        rows = [row for row in self.sheet.rows() if row["Product"]]
        ids = [row["Relais ID"] for row in rows]
        assert len(set(ids)) == len(ids)
        assert all(ids)
        assert set(self.added.values()) <= {1}, "a row was added twice"
        for row in rows:
            product = row["Product"]
            assert self.added.get(product) == 1, "a row was lost"
            assert self.last[product] == row["Status"], "a change was lost"
            log = row.get("Relais log", "")
            for marker in self.marks.get(product, ()):
                assert log.startswith(row["Relais ID"] + ":")
                assert sign_of(marker) in log
                assert self.sheet.written(marker) % 100 == 1
            own = log.startswith(row["Relais ID"] + ":")
            assert not own or product in self.marks, "a result stands on another's row"


@pytest.fixture(scope="module")
def book():
    """A socket, on which each history puts a sheet of its own."""
    sheet = Simulator(Hands())
    with serve(sheet) as served:
        yield served.url, sheet


def started(book, acts):
    """What people and the hub did, one after the other."""
    url, sheet = book
    sheet.clock = clock = Hands()
    sheet.__post_init__()  # a fresh sheet behind the same socket
    sheet.faults.clear()
    del sheet.leads.cells[1:]
    ctx = Context(sheet.settings(url), sheet.secrets(), clock=clock, deadline=5.0)
    history = History(sheet, Reader(replace(ctx)))
    history.hub.poll()
    for name, pick in acts:
        history.act(name, pick)
    return history


def lived(book, acts):
    """The same, and what became of it."""
    started(book, acts).check()
    assert book[1].formulas_run == 0


# A history takes some twenty calls: a third as many as of other properties.
@settings(max_examples=settings().max_examples // 3, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 50)), max_size=25))
def test_whatever_people_do_each_row_and_change_is_told_once_and_results_stand_right(book, acts):
    lived(book, acts)


THREE = [("add", 0), ("add", 0), ("add", 0), ("poll", 0)]


def test_a_copy_s_new_id_that_lands_on_its_original_goes_to_the_copy(book):
    lived(book, [*THREE, ("copy", 2), ("race", 1)])


def test_a_copy_s_new_id_on_its_original_is_put_right_after_a_hub_that_died_there(book):
    lived(book, [*THREE, ("copy", 2), ("race", 1), ("die", 0), ("poll", 0)])


def test_a_row_that_was_edited_keeps_its_id_though_the_hub_dies_while_another_s_lands_there(book):
    edited = [("edit", 39), ("edit", 35), ("add", 45)]
    lived(book, [*THREE, *edited, ("die", 0), ("race", 46), ("poll", 0), ("edit", 0)])


def test_a_result_that_stood_already_survives_what_is_emptied_in_the_moment_of_a_sort(book):
    _, sheet = book
    moved = [lambda: sheet.people.insert_row(3), lambda: sheet.people.insert_row(2)]
    history = started(book, THREE)
    for move in moved:
        sheet.on_next_write(move)
    history.act("die", 0)
    history.tell(2)
    history.check()
