"""Lists of people, and what is shown while a connection is set up."""

import re

from hub.contract import Audience, Preview
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.conditions import has_audience, has_looks
from hub.contract.kit.reading import MOST_PAGES
from hub.contract.kit.score import check
from hub.contract.values import Person

_PHONE = re.compile(r"\+\s?\d(?:[\s.()-]*\d){7,}")


@check("audience", "A list is read page by page, each person once", has_audience)
def audience(bench: Bench) -> None:
    """A campaign must reach everyone, and nobody twice."""
    bench.simulator.change(150)
    source = bench.connector.audience
    lists = source.lists(bench.ctx) if source else ()
    insist(lists, "The simulator has no list of people.")
    for number, label in lists:
        insist(number and label.strip(), "A list has no id or no label.")
        people = _people(bench, source, number) if source else []
        named = [one.record or one.phone for one in people]
        insist(len(set(named)) == len(named), f"The list «{label}» gives a person twice.")
        insist(
            people == (_people(bench, source, number) if source else []), "Read twice, it differs."
        )


@check("looks", "What is shown while setting up has its shape and no whole phone", has_looks)
def looks(bench: Bench) -> None:
    """`preview` and `options`: these go on a page that others may look at."""
    bench.simulator.change(5)
    _check_options(bench)
    if bench.connector.preview is None:
        return
    shown = bench.connector.preview(bench.ctx)
    insist(isinstance(shown, Preview), "preview must answer a Preview.")
    ragged = [row for row in shown.rows if len(row) != len(shown.columns)]
    insist(not ragged, "A row of the preview does not fit its headings.")
    for text in (*shown.words, *(cell for row in shown.rows for cell in row)):
        insist(isinstance(text, str), "The preview holds something that is no text.")
        insist(not _PHONE.search(text), "The preview shows a whole phone number.")


def _check_options(bench: Bench) -> None:
    options = bench.connector.options
    for field in (one.name for one in bench.connector.settings if one.live):
        found = list(options(bench.ctx, field)) if options else []
        insist(found, f"There is nothing to choose from for «{field}».")
        texts = all(isinstance(part, str) and part for pair in found for part in pair)
        insist(texts, f"The choices of «{field}» must be pairs of texts.")
        values = [value for value, _ in found]
        insist(len(set(values)) == len(values), f"A choice of «{field}» is offered twice.")


def _people(bench: Bench, source: Audience, number: str) -> list[Person]:
    found: list[Person] = []
    cursor = ""
    for _ in range(MOST_PAGES):
        page = source.people(bench.ctx, number, cursor)
        found, cursor = [*found, *page.people], page.cursor
        if not page.more:
            return found
    raise AssertionError(f"After {MOST_PAGES} pages it still says there are more people.")
