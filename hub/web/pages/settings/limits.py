"""Limits: how often one person is written to, how much is sent in all, what looks unusual, and from
what size on a change must be ticked."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from hub.automations.caps import EVERY, Cap
from hub.automations.document import KINDS
from hub.automations.house_rules import caps_of, rules_of
from hub.automations.reading import DocumentError
from hub.automations.rules import Rules
from hub.send import spending
from hub.send.bills import zone_of
from hub.store import allowances, spend
from hub.store.database import Row
from hub.web.pages.settings import purse
from hub.web.pages.settings.rulebook import Clash, rewrite, seen_of
from hub.web.pages.settings.wing import shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

PATH = "/settings/limits"
# The least and the most of each, and whether it may be left empty for no limit.
_NUMBERS: Mapping[str, tuple[int, int, bool]] = {
    "quiet_repeat_hours": (0, 720, False),
    "messages_per_day": (1, 10**9, True),
    "messages_per_month": (1, 10**9, True),
    "prefix_per_minute": (1, 100_000, True),
    "surge_times": (0, 1000, False),
    "least_arriving": (0, 100, False),
    "tick_share": (0, 100, False),
    "tick_sends": (0, 1_000_000, False),
}
_TICKS = ("tick_share", "tick_sends")
_LINES = 5  # of limits per person that the form has, at least
_UNITS = {"hours": 60, "days": 1440}
Line = Mapping[str, str]


@wing.way(f"GET {PATH}", may="see")
def limits(visit: Visit) -> Shown:
    """Every limit, what is spent of it, and what waits."""
    shop = shop_of(visit)
    return shown(visit, shop, _filled(shop), _lines_of(caps_of(shop)), {})


@wing.way(f"POST {PATH}", may="manage")
def change_limits(visit: Visit) -> Shown | Go:
    """Write the limits on messages."""
    form, lines = visit.form, _sent_lines(visit)
    wrong = {**dict(_problems(form)), **dict(_line_problems(lines))}
    if wrong:
        return shown(visit, shop_of(visit), form, lines, wrong)
    try:
        rewrite(visit, lambda shop: _written(shop, form, lines))
    except DocumentError:
        words = gettext("These limits cannot be used. Look through them and save them again.")
        return shown(visit, shop_of(visit), form, lines, {"lines": words})
    except Clash:
        return shown(visit, shop_of(visit), form, lines, {}, clash=True)
    return Go(PATH, said=gettext("The limits are changed. What waited is looked at again."))


@wing.way(f"POST {PATH}/spending", may="manage")
def put_cap(visit: Visit) -> Shown | Go:
    """Write one limit on spending, new or changed."""
    form = {name: value.strip() for name, value in visit.form.items()}
    with visit.begin() as db:
        problem = purse.problem_in(form, set(purse.slugs_of(db, visit.workspace_id)))
    micros = purse.micros_in(form.get("amount", ""))
    if problem or micros is None:
        shop = shop_of(visit)
        wrong = dict([problem]) if problem else {}
        return shown(visit, shop, _filled(shop), _lines_of(caps_of(shop)), wrong, new=form)
    line = form["scope"], form["key"], form["period"]
    _cap(visit, lambda db: allowances.put(db, visit.workspace_id, *line, micros))
    return Go(PATH, said=gettext("The limit holds from now on. What waited is looked at again."))


@wing.way(f"POST {PATH}/spending/remove", may="manage")
def drop_cap(visit: Visit) -> Go:
    """Take one limit on spending away."""
    line = [visit.form.get(name, "") for name in ("scope", "key", "period")]
    _cap(visit, lambda db: allowances.drop(db, visit.workspace_id, *line))
    return Go(PATH, said=gettext("The limit is gone. What waited for it is looked at again."))


def _cap(visit: Visit, act: Callable[[Connection], Any]) -> None:
    now = visit.ground.clock()
    with visit.ground.database.begin() as db:
        act(db)
        spend.wake(db, visit.workspace_id, now)
        visit.note(db, "spending_put_caps")
    visit.ring("send_transactional", "send_marketing")


@wing.way(f"POST {PATH}/look", may="send")
def look_again(visit: Visit) -> Go:
    """Look at once at what waits for a limit, a price or a rule."""
    now = visit.ground.clock()
    with visit.ground.database.begin() as db:
        spend.wake(db, visit.workspace_id, now)
    visit.ring("send_transactional", "send_marketing")
    words = gettext("What waits is looked at now. What a limit still keeps goes on waiting.")
    return Go(PATH, said=words)


def shown(
    visit: Visit, shop: Row, form: Mapping[str, Any], lines: list[Line],
    wrong: Mapping[str, str], clash: bool = False, new: Mapping[str, str] | None = None,
) -> Shown:  # fmt: skip
    """The page, with what was written into it where that was not saved."""
    day = visit.ground.clock().astimezone(zone_of(shop)).date()
    with visit.begin() as db:
        banners = spending.banners(db, visit.workspace_id, day)
        own = purse.purses(db, shop, day)
        slugs = purse.slugs_of(db, visit.workspace_id)
    empty = max(1, _LINES - len(lines))
    values = {
        "shop": shop, "form": form, "wrong": wrong, "clash": clash, "seen": seen_of(shop),
        "lines": [*lines, *[{}] * empty] if visit.may("manage") else lines, "banners": banners,
        "purses": own, "slugs": slugs, "new": new or {}, "caps": caps_of(shop),
        "own_caps": rules_of(shop).frequency is not None,
    }  # fmt: skip
    return Shown("settings/limits.html", values, 409 if clash else 422 if wrong else 200)


def _filled(shop: Row) -> dict[str, Any]:
    rules = rules_of(shop)
    own = {name: getattr(rules, name) for name in _NUMBERS if name not in _TICKS}
    ticks = {name: shop[name] for name in _TICKS}
    return {name: "" if value is None else value for name, value in {**own, **ticks}.items()}


def _lines_of(caps: Any) -> list[Line]:
    return [_line_of(cap) for cap in caps]


def _line_of(cap: Cap) -> Line:
    days, rest = divmod(cap.minutes, 1440)
    unit, length = ("hours", cap.minutes // 60) if rest else ("days", days)
    return {"messages": str(cap.messages), "length": str(length), "unit": unit, "kind": cap.kind}


def _sent_lines(visit: Visit) -> list[Line]:
    """The limits per person in the form, without those that are empty."""
    names = ("messages", "length", "unit", "kind")
    columns = [visit.request.form.getlist(f"cap_{name}") for name in names]
    found = [dict(zip(names, line, strict=True)) for line in zip(*columns, strict=False)]
    return [line for line in found if line["messages"].strip()]


def _problems(form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, (least, most, optional) in _NUMBERS.items():
        given = form.get(name, "").strip()
        if optional and not given:
            continue
        if not _is_within(given, least, most):
            yield name, gettext("Give a whole number from %(least)s to %(most)s.",
                                least=least, most=most)  # fmt: skip


def _line_problems(lines: list[Line]) -> Iterator[tuple[str, str]]:
    if len(lines) > 10:
        yield "lines", gettext("There can be 10 limits per person at most.")
    for line in lines:
        most = 90 * 24 if line["unit"] == "hours" else 90
        whole = _is_within(line["messages"], 0, 1000) and _is_within(line["length"], 1, most)
        if not whole or line["unit"] not in _UNITS or line["kind"] not in (*KINDS, EVERY):
            yield "lines", gettext("Give whole numbers: up to 1,000 messages in up to 90 days.")


def _is_within(text: str, least: int, most: int) -> bool:
    text = text.strip()
    return text.isascii() and text.isdecimal() and len(text) < 11 and least <= int(text) <= most


def _written(shop: Row, form: Mapping[str, str], lines: list[Line]) -> dict[str, Any]:
    """Columns of the workspace. Who writes down the usual limits keeps having the usual ones."""
    numbers = {n: int(form[n]) if form.get(n, "").strip() else None for n in _NUMBERS}
    caps = tuple(Cap(int(c["messages"]), int(c["length"]) * _UNITS[c["unit"]], c["kind"])
                 for c in lines)  # fmt: skip
    usual = caps == Rules().caps(shop["daily_cap"])
    own = [
        {"messages": int(c["messages"]), c["unit"]: int(c["length"]), "kind": c["kind"]}
        for c in lines
    ]
    ticks = {name: numbers.pop(name) for name in _TICKS}
    rules = {**shop["rules"], **numbers, "frequency": None if usual else own}
    return {"rules": rules, **ticks}
