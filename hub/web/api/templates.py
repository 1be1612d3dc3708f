"""Templates: what a message says in each language; each change is linted and is a new version."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from hub.compose.coupons import NotACoupon, checked
from hub.compose.lint import Bill, Figure, Finding, Report
from hub.send.previewing import preview
from hub.send.publish import examine, publish
from hub.store import templates
from hub.web.api.problems import invalid, not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import picked
from hub.web.api.schemas import SLUG_PATTERN
from hub.web.api.template_shapes import (
    ASKED,
    LINTED,
    LISTED,
    PREVIEW,
    REPORT,
    TEMPLATE,
    TRIED,
    WORDS,
)

desk = Desk("templates")


@desk.route("GET /templates", scope="read", answers={200: LISTED})
def listing(ask: Ask) -> Answer:
    """List the templates, each in its newest version."""
    with ask.begin() as db:
        found = templates.listed(db, ask.workspace_id)
    return Answer({"items": [_shown(template) for template in found]})


@desk.route("GET /templates/{slug}", scope="read", answers={200: LINTED})
def one(ask: Ask, slug: str) -> Answer:
    """Look at one template, and at what the linter finds in it today."""
    with ask.begin() as db:
        found = templates.get(db, ask.workspace_id, slug)
        if found is None:
            raise not_found("template")
        report = examine(ask.ground, db, ask.workspace_id, dict(found))
    return Answer({**_shown(found), "findings": _findings(report)})


@desk.route("PUT /templates/{slug}", scope="manage", takes=WORDS, answers={200: LINTED})
def put(ask: Ask, slug: str) -> Answer:
    """Write a template, or a new version of it. Messages that wait keep the version they have."""
    wanted = _wanted(ask.body, slug)
    with ask.begin() as db:
        published = publish(ask.ground, db, ask.workspace_id, slug, wanted)
    if published.template is None:
        raise invalid(*((found.where, found.words) for found in published.report.errors))
    shown = _shown(published.template)
    return Answer({**shown, "findings": _findings(published.report)})


@desk.route("POST /templates/lint", scope="read", takes=TRIED, answers={200: REPORT})
def lint(ask: Ask) -> Answer:
    """Try a template without keeping it: what it costs, what is wrong with it, how to mend it."""
    words = {name: value for name, value in ask.body.items() if name != "slug"}
    wanted = _wanted(words, ask.body.get("slug"))
    with ask.begin() as db:
        report = examine(ask.ground, db, ask.workspace_id, wanted)
    bills = [_bill(bill) for bill in report.bills]
    return Answer({"findings": _findings(report), "bills": bills})


@desk.route("POST /templates/{slug}/preview", scope="read", takes=ASKED, answers={200: PREVIEW})
def shown(ask: Ask, slug: str) -> Answer:
    """See what one person would get, as SMS and as RCS: of the kept words, or of those sent."""
    body = ask.body
    with ask.begin() as db:
        kept = templates.get(db, ask.workspace_id, slug)
        if kept is None and "template" not in body:
            raise not_found("template")
        words = _wanted(body["template"]) if "template" in body else dict(kept or {})
        made = preview(
            ask.ground,
            db,
            ask.workspace_id,
            words,
            language=body.get("language", ""),
            sample=body.get("sample", "declared"),
            variant=body.get("variant", ""),
        )
    return Answer({name: made[name] for name in PREVIEW["properties"]})


def slug_problems(slug: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a new name, as a field's problem."""
    if len(slug) > 80 or not re.fullmatch(SLUG_PATTERN, slug):
        yield "slug", "Use small letters, digits and hyphens, at most 80."


def _wanted(body: Mapping[str, Any], slug: str | None = None) -> dict[str, Any]:
    """The template whole, with what is usual where nothing is said. Raises Problem."""
    wanted = {**templates.USUAL, **body}
    problems = list(slug_problems(slug)) if slug is not None else []
    if wanted["coupon"] is not None:
        try:
            wanted["coupon"] = checked(wanted["coupon"])
        except NotACoupon as wrong:
            problems.append(("coupon", str(wrong)))
    if problems:
        raise invalid(*problems)
    return wanted


def _shown(template: Any) -> dict[str, Any]:
    return picked(template, tuple(TEMPLATE))


def _findings(report: Report) -> list[dict[str, Any]]:
    return [_finding(found) for found in report.findings]


def _finding(found: Finding) -> dict[str, Any]:
    said = asdict(found)
    return {"field": said.pop("where"), **said}


def _bill(bill: Bill) -> dict[str, Any]:
    figures = {n: _figure(getattr(bill, n)) for n in ("shortest", "median", "p99", "largest")}
    about = {"language": bill.language, "channel": bill.channel}
    return {**about, "events": bill.seen, "unfilled": bill.unfilled, **figures}


def _figure(figure: Figure) -> dict[str, Any]:
    micros = figure.micros
    price = None if micros is None else f"{Decimal(micros) / 10**6:f}"
    return {
        **asdict(figure.count),
        "price": price,
        "currency": figure.currency,
        "text": figure.text,
    }
