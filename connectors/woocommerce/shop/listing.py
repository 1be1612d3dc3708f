"""Which orders a query asks for, in which order, on which page."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from .memory import Problem

Row = dict[str, Any]
STATUSES = (
    *("any", "trash", "auto-draft", "checkout-draft", "pending", "processing", "on-hold"),
    *("completed", "cancelled", "refunded", "failed"),
)
_ORDER_BY = {"date": "date_created_gmt", "id": "id", "modified": "date_modified_gmt"}
_BOUNDS = {
    "after": ("date_created", 1),
    "before": ("date_created", -1),
    "modified_after": ("date_modified", 1),
    "modified_before": ("date_modified", -1),
}


def page_of(rows: Iterable[Row], query: Mapping[str, str]) -> tuple[list[Row], int, int]:
    """The page, how many rows there are in all, and how many pages. Raises Problem."""
    size, page = _whole(query, "per_page", 10, 100), _whole(query, "page", 1, 10**6)
    found = list(rows)
    pages = -(-len(found) // size)
    return found[(page - 1) * size : page * size], len(found), pages


def orders(rows: Iterable[Row], query: Mapping[str, str]) -> list[Row]:
    """The orders a query asks for, sorted. Raises Problem."""
    statuses = _statuses(query)
    bounds = [_bound(query, name) for name in _BOUNDS if query.get(name)]
    customer = query.get("customer")
    found = [
        row
        for row in rows
        if ("any" in statuses or row["status"] in statuses)
        and all((row[name] > at) if sign > 0 else (row[name] < at) for name, at, sign in bounds)
        and (customer is None or str(row["customer_id"]) == customer)
    ]
    by = _ORDER_BY.get(query.get("orderby", "date"))
    if by is None:
        raise _invalid("orderby")
    return sorted(found, key=lambda r: (r[by], r["id"]), reverse=query.get("order") != "asc")


def _statuses(query: Mapping[str, str]) -> set[str]:
    asked = set(filter(None, query.get("status", "any").split(",")))
    if not asked <= set(STATUSES):
        raise _invalid("status")
    return asked


def _bound(query: Mapping[str, str], name: str) -> tuple[str, str, int]:
    # Without dates_are_gmt the shop compares with its local dates.
    field, sign = _BOUNDS[name]
    in_gmt = query.get("dates_are_gmt") in ("true", "1")
    try:
        at = datetime.fromisoformat(query[name])
    except ValueError:
        raise _invalid(name) from None
    stamp = (at.astimezone(UTC) if at.tzinfo else at).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{field}_gmt" if in_gmt else field, stamp, sign


def _whole(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    try:
        found = int(query.get(name, default))
    except ValueError:
        raise _invalid(name) from None
    if not 1 <= found <= most:
        raise _invalid(name)
    return found


def _invalid(name: str) -> Problem:
    return Problem("rest_invalid_param", f"Invalid parameter(s): {name}", 400)
