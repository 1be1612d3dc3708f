"""What came back on a record, in a form that the page draws without knowing the system."""

from dataclasses import dataclass


class NotYet(LookupError):
    """What a button needs is not there yet; the argument names the words that say so."""

    @property
    def said(self) -> str:
        """The name of the words."""
        return str(self.args[0])


@dataclass(frozen=True)
class Block:
    """A part of a record: `title` names words of the page; `facts` are (the vendor's own name of a
    field, its value); `lines` are texts; `rows` a table under `columns`; `otherwise` names the
    words to say where there is nothing, else the part is left out."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    otherwise: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.facts or self.lines or self.rows or self.otherwise)

    @property
    def table(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The rows as (column, value) pairs; a column that says nothing is left out."""
        said = [n for n, _ in enumerate(self.columns) if any(row[n] for row in self.rows)]
        return tuple(tuple((self.columns[n], row[n]) for n in said) for row in self.rows)


@dataclass(frozen=True)
class Record:
    """One record at a system: what it is called there, and what stands on it."""

    name: str
    blocks: tuple[Block, ...] = ()
