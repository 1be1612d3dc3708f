"""Rows that do not agree, put together by whose they are."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from hub.report.reconcile.check import Finding
from hub.store.database import Row


def by_workspace(
    found: Iterable[Row], words: Callable[[Sequence[Row]], str], column: str = ""
) -> list[Finding]:
    """One finding for each workspace: as many as there are rows, or as `column` adds up to."""
    groups: dict[UUID, list[Row]] = defaultdict(list)
    for one in found:
        groups[one["workspace_id"]].append(one)
    return [
        Finding(workspace, sum(int(one[column]) if column else 1 for one in group), words(group))
        for workspace, group in groups.items()
    ]
