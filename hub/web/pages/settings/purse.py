"""Limits on spending: each with what is spent of it now; written and taken away one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.store import allowances, automations, prices, spend
from hub.store.database import Row
from hub.web.api.spending import key_problem
from hub.web.pages.retold import told


@dataclass(frozen=True)
class Purse:
    """A limit in micros and what is spent of it; `of` is whose spending that is where the limit is
    of each: the one that has spent the most."""

    scope: str
    key: str
    period: str
    micros: int
    spent: int
    of: str

    @property
    def share(self) -> float:
        """How much of it is gone, in hundredths."""
        return min(100.0, self.spent * 100 / self.micros) if self.micros else 100.0


def purses(db: Connection, shop: Row, day: date) -> list[Purse]:
    """Every limit on spending of a workspace."""
    return [
        Purse(line["scope"], line["key"], line["period"], line["micros"], line["spent"],
              "" if line["key"] else line["whose"])
        for line in allowances.of_day(db, shop["id"], day)
    ]  # fmt: skip


def slugs_of(db: Connection, workspace_id: UUID) -> list[str]:
    """The short names of a workspace's automations."""
    return sorted(row["slug"] for row in automations.by_workspaces(db, [workspace_id]))


def problem_in(form: Mapping[str, str], slugs: set[str]) -> tuple[str, str] | None:
    """(field, words) for what is wrong with a new limit."""
    scope, period = form.get("scope", ""), form.get("period", "")
    if scope not in spend.PERIODS:
        return "scope", gettext("Choose what is limited.")
    if period not in spend.PERIODS[scope]:
        return "period", gettext("A range of numbers has limits by the day only.")
    if micros_in(form.get("amount", "")) is None:
        return "amount", gettext("Give an amount such as 25 or 0.50.")
    words = key_problem(scope, form.get("key", ""), slugs)
    return ("key", told(words)) if words else None


def micros_in(text: str) -> int | None:
    """An amount that somebody wrote, with a point or a comma; None for what is none."""
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return prices.micros_of(amount)
