"""People from a file: upload, columns, what would come of it, then some thousands of lines at a
time, so that no request takes long and each may be repeated."""

from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.compose.columns import PARTS, guess
from hub.intake import bringing, table
from hub.intake.bringing import Plan
from hub.intake.by_hand import OURS
from hub.report.cells import as_csv
from hub.store import imports
from hub.store.database import Row
from hub.web.pages import places, written
from hub.web.pages.people.desk import PATH, shop_of, wing
from hub.web.pages.people.words import UNREADABLE, WHY_BAD
from hub.web.pages.visits import Visit
from hub.web.pages.wings import File, Go, Missing, Shown

HERE = f"{PATH}/import"
_SAMPLE = 50  # lines that columns are guessed from


@wing.way(f"GET {HERE}", may="manage")
def choose(visit: Visit) -> Shown:
    """Which file; and those that came before."""
    return _choose(visit, "")


@wing.way(f"POST {HERE}", may="manage")
def upload(visit: Visit) -> Shown | Go:
    """Keep a file's lines, sealed, until they are in."""
    given = visit.request.files.get("file")
    data = given.read() if given is not None else b""
    if given is None or not data:
        return _choose(visit, str(UNREADABLE["none"]))
    try:
        cells = table.read(data)
    except table.Unreadable as problem:
        return _choose(visit, str(UNREADABLE[problem.why]))
    with visit.begin() as db:
        kept = imports.add(
            db, visit.ground.vault, visit.workspace_id, name=(given.filename or "")[:200],
            digest=sha256(data).digest(), cells=cells, now=visit.ground.clock(),
        )  # fmt: skip
    return Go(f"{HERE}/one?file={kept}")


@wing.way(f"GET {HERE}/one", may="manage")
def one_file(visit: Visit) -> Shown:
    """Its columns and what would come of it; once it runs, how far it is; then what came of it."""
    with visit.begin() as db:
        found = _found(visit, db)
        if found["state"] != "read":
            return Shown("people/running.html", {"file": found, "here": PATH})
        cells = imports.cells(db, visit.ground.vault, visit.workspace_id, found["id"])
        shop = shop_of(visit, db)
    form = _form(found, cells, shop["country"])
    return _columns(visit, found, cells, form, {})


@wing.way(f"POST {HERE}/one", may="manage")
def plan(visit: Visit) -> Shown | Go:
    """Keep which column holds what, and count what would come of it."""
    with visit.begin() as db:
        found = _found(visit, db, hold=True)
        if found["state"] != "read":
            return Go(f"{HERE}/one?file={found['id']}")
        cells = imports.cells(db, visit.ground.vault, visit.workspace_id, found["id"])
        given, wrong = _given(visit, cells)
        if not wrong:
            _keep(visit, db, found, cells, given)
    if wrong:
        return _columns(visit, {**found, "counts": {}}, cells, visit.form, wrong)
    return Go(f"{HERE}/one?file={found['id']}#outcome")


@wing.way(f"POST {HERE}/run", may="manage")
def run(visit: Visit) -> Go:
    """Bring in the next lines; the page asks again until all of them are in."""
    with visit.begin() as db:
        found = _found(visit, db, hold=True)
        if found["state"] in ("read", "running") and found["counts"]:
            vault, now = visit.ground.vault, visit.ground.clock()
            cells = imports.cells(db, vault, visit.workspace_id, found["id"])[1:]
            came = bringing.bring(db, vault, found, _planned(found), cells, now)
            if came >= found["lines"]:
                visit.note(db, "person.imported", found["id"], people=found["counts"]["people"])
    return Go(f"{HERE}/one?file={found['id']}")


@wing.way(f"POST {HERE}/drop", may="manage")
def drop(visit: Visit) -> Go:
    """Forget the file."""
    with visit.begin() as db:
        found = _found(visit, db, hold=True)
        imports.drop(db, found["id"], visit.ground.clock())
    return Go(HERE, said=gettext("The file is forgotten. Whoever was brought in already stays."))


@wing.way(f"GET {HERE}/errors.csv", may="manage")
def errors(visit: Visit) -> File:
    """The lines that are nobody's, each with its reason; nothing else of them."""
    with visit.begin() as db:
        found = _found(visit, db)
    lines = [(line, str(WHY_BAD[why])) for line, why in found["bad"]]
    body = as_csv((gettext("line"), gettext("reason")), lines)
    return File("not-imported.csv", "text/csv; charset=utf-8", body)


def _found(visit: Visit, db: Connection, *, hold: bool = False) -> Row:
    """The file that the address or the form names. Raises Missing."""
    try:
        named = UUID(visit.request.values.get("file", ""))
    except ValueError:
        raise Missing("file") from None
    known = imports.get(db, visit.workspace_id, named, hold=hold)
    if known is None or known["state"] == "dropped":
        raise Missing(named)
    return known


def _choose(visit: Visit, wrong: str) -> Shown:
    with visit.begin() as db:
        before = imports.listed(db, visit.workspace_id)
    values = {"before": before, "wrong": wrong, "most": table.MOST_LINES, "here": PATH}
    return Shown("people/import.html", values, 422 if wrong else 200)


def _form(found: Row, cells: imports.Cells, country: str) -> Mapping[str, Any]:
    """What was chosen before, else what seems right."""
    if found["columns"]:
        chosen = {f"column_{part}": str(at) for part, at in found["columns"].items()}
        return {**chosen, **found["evidence"]}
    guessed = guess(cells[0], cells[1 : _SAMPLE + 1])
    chosen = {f"column_{part}": str(at) for part, at in guessed.items()}
    return {**chosen, "country": country}


def _given(visit: Visit, cells: imports.Cells) -> tuple[dict[str, Any], dict[str, str]]:
    """The columns and the evidence of a form, and what is wrong with them."""
    form, wrong = visit.form, dict[str, str]()
    columns = {
        part: int(form[f"column_{part}"])
        for part in PARTS
        if form.get(f"column_{part}", "").isdecimal()
        and int(form[f"column_{part}"]) < len(cells[0])
    }
    if "phone" not in columns:
        wrong["column_phone"] = gettext("Choose the column that holds the phone numbers.")
    evidence = {
        name: form.get(name, "").strip()[:most]
        for name, most in (("country", 2), ("everyone", 1), ("where", 100), ("since", 10),
                           ("wording", 1000))
    }  # fmt: skip
    wrong |= _unproven(visit, evidence)
    return {"columns": columns, "evidence": evidence}, wrong


def _unproven(visit: Visit, evidence: Mapping[str, str]) -> dict[str, str]:
    """What an agreement of everybody lacks; a day that is none."""
    wrong = dict[str, str]()
    since = bringing.since_of(evidence["since"], written.zone())
    if evidence["since"] and (since is None or since > visit.ground.clock()):
        wrong["since"] = gettext("Give the day on which they agreed, not one in the future.")
    if evidence["everyone"] and not evidence["since"]:
        wrong["since"] = gettext("Say since when: without that nobody is marked as agreed.")
    if evidence["everyone"] and not evidence["where"]:
        wrong["where"] = gettext("Say where they agreed: without that nobody is marked as agreed.")
    if evidence["where"].lower() in OURS:
        wrong["where"] = gettext("Only the hub itself writes this source. Name yours.")
    return wrong


def _planned(found: Mapping[str, Any]) -> Plan:
    evidence = found["evidence"]
    return Plan(
        found["columns"], evidence["country"], bool(evidence["everyone"]), evidence["where"],
        bringing.since_of(evidence["since"], written.zone()), evidence["wording"],
    )  # fmt: skip


def _keep(
    visit: Visit, db: Connection, found: Row, cells: imports.Cells, given: Mapping[str, Any]
) -> None:
    now, vault = visit.ground.clock(), visit.ground.vault
    seen = bringing.survey(db, vault, visit.workspace_id, _planned(given), cells[1:], now)
    bad = [(one.line, one.why) for one in seen.bad]
    imports.plan(db, found["id"], **given, counts=seen.counts, bad=bad, now=now)


def _columns(
    visit: Visit, found: Row, cells: imports.Cells, form: Mapping[str, Any],
    wrong: Mapping[str, str],
) -> Shown:  # fmt: skip
    heads = [(str(at), _head(cells, at)) for at in range(len(cells[0]))]
    values: dict[str, Any] = {
        "file": found, "form": form, "wrong": wrong, "heads": heads, "parts": PARTS,
        "countries": places.countries(), "here": PATH, "whys": WHY_BAD,
        "shown": [], "known": frozenset(),
    }  # fmt: skip
    if found["counts"]:
        values |= _preview(visit, found, cells)
    return Shown("people/columns.html", values, 422 if wrong else 200)


def _preview(visit: Visit, found: Row, cells: imports.Cells) -> dict[str, Any]:
    """The first people as they would be, and the refused lines by their reason."""
    some, now = cells[1:61], visit.ground.clock()
    with visit.begin() as db:
        seen = bringing.survey(
            db, visit.ground.vault, visit.workspace_id, _planned(found), some, now
        )
    reasons: dict[str, int] = {}
    for _, why in found["bad"]:
        reasons[why] = reasons.get(why, 0) + 1
    shown = [{**asdict(one), "phone": one.number.phone.e164, "token": one.number.token}
             for one in seen.shown]  # fmt: skip
    return {"shown": shown, "known": seen.known, "reasons": reasons}


def _head(cells: imports.Cells, at: int) -> str:
    """A column as a choice: its heading and its first value."""
    first = next((line[at] for line in cells[1:_SAMPLE] if line[at]), "")
    name = cells[0][at] or gettext("column %(number)s", number=at + 1)
    return f"{name} ({first[:24]})" if first else name
