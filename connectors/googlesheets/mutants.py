"""Seeded faults: each breaks one law, and the kit must catch each."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hub.contract import Refused, Unavailable, Written
from hub.contract.kit.mutants import Mutant


def _always(answer: Any) -> Any:
    return lambda genuine: lambda *given, **named: answer


def _instead(status: int, made: Callable[[str], Exception]) -> Any:
    """An answer of this status becomes another error."""

    def replacement(genuine: Any) -> Any:
        def faulty(code: int, *given: Any) -> Any:
            found = genuine(code, *given)
            return made(found.words) if code == status else found

        return faulty

    return replacement


def _never_read_back(genuine: Any) -> Any:
    """One writing, believed at once."""

    def faulty(book: Any, sheet: Any, grid: Any, wanted: Any, same_row: Any) -> Any:
        once = iter([wanted(grid), []])
        return genuine(book, sheet, grid, lambda _: next(once, []), same_row)

    return faulty


def _by_number(genuine: Any) -> Any:
    """A row is its number, as if nobody ever sorted."""

    def faulty(grid: Any, columns: Any) -> Any:
        found = genuine(grid, columns)
        return [replace(one, id=f"r-{one.number:010d}") if one.id else one for one in found]

    return faulty


def _half_told(genuine: Any) -> Any:
    """The cursor goes on behind rows that were not told."""

    def faulty(state: Any, mapping: str, found: Any) -> Any:
        following, told = genuine(state, mapping, found)
        return following, told[: len(told) // 2]

    return faulty


def _cursor_stays(genuine: Any) -> Any:
    return lambda state, mapping, found: (state, genuine(state, mapping, found)[1])


def _keys_made_anew(genuine: Any) -> Any:
    def faulty(ctx: Any, book: Any, grid: Any, since: str, told: Any) -> Any:
        from uuid import uuid4

        return genuine(
            ctx, book, grid, since, [(line, known, "changed") for line, known, _ in told]
        ) and genuine(
            ctx, book, grid, uuid4().hex, [(line, known, "changed") for line, known, _ in told]
        )

    return faulty


def _one_page(genuine: Any) -> Any:
    """What does not fit the first page is taken as told."""

    def faulty(ctx: Any, kept: str) -> Any:
        page = genuine(ctx, kept)
        if not kept:
            return page
        return replace(page, requests=page.requests[:100])

    return faulty


def _everything_is_old(genuine: Any) -> Any:
    def faulty(ctx: Any, kept: str) -> Any:
        page = genuine(ctx, kept)
        return page if kept else replace(page, cursor='["0","","",""]')

    return faulty


def _own_cells_count(genuine: Any) -> Any:
    """What we write counts as content."""

    def faulty(columns: Any, grid: Any, row: int) -> Any:
        log = grid.value(row, grid.column(columns.own.log))
        return genuine(columns, grid, row) | {"text_5": log}

    return faulty


def _without_mark(genuine: Any) -> Any:
    return lambda *given: (
        {k: v for k, v in genuine(*given).items() if k != "Relais log"} | {"Relais log": ""}
    )


def _raising(genuine: Any) -> Any:
    def faulty(ctx: Any, outcomes: Any) -> Any:
        written = genuine(ctx, outcomes)
        if any(one.refused for one in written):
            raise Refused("One record is bad.")
        return written

    return faulty


def _telling(genuine: Any) -> Any:
    def faulty(ctx: Any) -> Any:
        logging.getLogger("sheets").debug("opened with %s", ctx.secrets.get("access_token"))
        return genuine(ctx)

    return faulty


def _each_with_its_call(genuine: Any) -> Any:
    def faulty(book: Any, sheet: Any, grid: Any, puts: Any) -> None:
        for put in puts:
            genuine(book, sheet, grid, [put])

    return faulty


MUTANTS = (
    Mutant("a 429 is taken for a breakdown", "transport", "error_of", _instead(429, Unavailable)),
    Mutant("a 401 is taken for a refusal", "transport", "error_of", _instead(401, Refused)),
    Mutant("a 500 is taken for a refusal", "transport", "error_of", _instead(500, Refused)),
    Mutant("errors of the vendor are overlooked", "transport", "_judge", _always(None)),
    Mutant("what was written is not read back", "settling", "settle", _never_read_back),
    Mutant("a row is known by its number", "ids", "lines", _by_number),
    Mutant("the cursor passes rows that were not told", "poll", "compared", _half_told),
    Mutant("the cursor never moves", "poll", "compared", _cursor_stays),
    Mutant("an event's key is made anew at each reading", "poll", "_requests", _keys_made_anew),
    Mutant("the rows of the past are told as new", "poll", "pull", _everything_is_old),
    Mutant("all rows but the first page are forgotten", "poll", "pull", _one_page),
    Mutant("two rows have one name", "rows", "dedupe", _always("row")),
    Mutant("our own cells count as a change", "columns", "Columns.values", _own_cells_count),
    Mutant("the mark is not written", "results", "cells_for", _without_mark),
    Mutant("every mark looks new", "results", "sign_of", lambda _: lambda marker: "0000000000"),
    Mutant(
        "our own consent is taken for a person's",
        "consent",
        "word_of",
        lambda genuine: lambda cell, echo: (genuine(cell, echo)[0], False),
    ),
    Mutant("one bad record fails the batch", "write_back", "write", _raising),
    Mutant(
        "an unknown row counts as written",
        "write_back",
        "_answer",
        lambda _: lambda outcome, row, there: Written(f"row:{row}"),
    ),
    Mutant("each cell is a call", "client", "write", _each_with_its_call),
    Mutant("the token stands in the log", "transport", "opened", _telling),
    Mutant(
        "an overruled note counts on",
        "echoes",
        "overruled",
        _always(""),
        test="test_write_back.py::test_a_person_who_changes_their_mind_back_to_our_word_is_heard",
    ),
    Mutant(
        "an order hides behind the click that led to it",
        "results",
        "_RANK",
        lambda ranked: tuple(kind for kind in ranked if kind != "bought"),
        test="test_write_back.py::test_within_one_second_an_order_outranks_the_click_and_a_stop_the_order",
    ),
)
