"""Installing, up to the first answer of the vendor: the gallery, what it does, connecting."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from hub.connections import install, sandbox
from hub.connections.dance import BACK
from hub.connections.forms import BadForm
from hub.connections.health import look_after
from hub.connections.tokens import way_of
from hub.contract import Connector, ConnectorError, Field, Keys, OAuth2, Way
from hub.contract.signing_in import fields_of
from hub.store import apps, connections, health
from hub.store.database import Row
from hub.web.pages.connections import typed
from hub.web.pages.connections.wing import connector_of, is_sandbox, note, wing
from hub.web.pages.connections.words import about, names_of, steps
from hub.web.pages.retold import told
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown


@wing.way("GET /connections/new", may="connect")
def gallery(visit: Visit) -> Shown:
    """What can be installed: sources, and carriers."""
    found = [about(slug, one) for slug, one in visit.ground.connectors.items()]
    found.sort(key=lambda one: one.title.casefold())
    values = {
        "sources": [one for one in found if not one.carries],
        "carriers": [one for one in found if one.carries],
    }
    return Shown("connections/gallery.html", values)


@wing.way("GET /connections/new/<connector>", may="connect")
def does(visit: Visit, connector: str) -> Shown:
    """What it reads, what it writes, what it costs."""
    return _step(visit, "does", connector, "connections/does.html")


@wing.way("GET /connections/new/<connector>/connect", may="connect", fresh=True)
def connecting(visit: Visit, connector: str) -> Shown:
    """Sign in, or paste the keys."""
    found = _unfinished(visit, connector)
    words = (found["problem"] or "") if found else ""
    return _form(visit, connector, problem=words)


@wing.way("POST /connections/new/<connector>/connect", may="connect", fresh=True)
def connect(visit: Visit, connector: str) -> Shown | Go:
    """Try the credentials; go on, or say beside each field what is wrong."""
    declared, way = connector_of(visit, connector), visit.form.get("way", "")
    chosen = declared.ways.get(way) or next(iter(declared.ways.values()))
    earlier = _unfinished(visit, connector)
    given = typed.read(declared.settings, "set", visit.form)
    settings = {**(earlier["settings"] if earlier else {}), **given}
    granted = visit.form.get("by") == "grant"
    secrets = {} if granted else typed.read(fields_of(chosen), "key", visit.form)
    try:
        started = install.start(
            visit.ground, visit.workspace_id, connector, settings, secrets,
            _back(visit, connector), way,
        )  # fmt: skip
    except BadForm as bad:
        return _form(visit, connector, problems=bad.problems, settings=given)
    except ConnectorError as error:
        return _form(visit, connector, problem=error.words, settings=given)
    if earlier is not None:
        with visit.begin() as db:
            connections.remove(db, earlier["id"])
    note(visit, "connection.added", str(started.connection_id))
    if started.consent_url:
        return Shown("connections/leave.html", {
            "url": started.consent_url, "title": declared.title,
        })  # fmt: skip
    return _onward(visit, declared, started.connection_id)


@wing.way("POST /connections/new/<connector>/simulator", may="connect")
def simulate(visit: Visit, connector: str) -> Shown | Go:
    """In a sandbox: the played vendor, with one click."""
    declared = connector_of(visit, connector)
    try:
        made = sandbox.connect(visit.ground, visit.workspace_id, connector)
    except (sandbox.Away, sandbox.Refused) as why:
        return _form(visit, connector, problem=str(why))
    return _onward(visit, declared, made)


@wing.way("GET /connections/new/<connector>/back", may="connect")
def back(visit: Visit, connector: str) -> Shown | Go:
    """The browser comes back from the vendor's page: finish what it began there."""
    declared = connector_of(visit, connector)
    with visit.begin() as db:
        found = connections.listed(db, visit.workspace_id)
    mine = [row for row in found if row["connector"] == connector]
    if not mine:
        raise Missing
    row = mine[-1]
    if row["state"] != "installing":
        return _onward(visit, declared, row["id"])
    if visit.args.get("success") == "0" or _denied(declared, row):
        words = "Access was not given. Nothing was installed; try again when you like."
        return _form(visit, connector, problem=words)
    return _finish(visit, declared, row)


def _finish(visit: Visit, declared: Connector, row: Row) -> Shown | Go:
    """By us, or by the worker that took its turn."""
    ground, problem = visit.ground, row["problem"]
    with ground.database.begin() as db:
        mine = health.take_turn(db, row["id"], ground.clock())
    if mine:
        problem = look_after(ground, row)
        if not problem:
            return _onward(visit, declared, row["id"])
    if problem:
        return _form(visit, row["connector"], problem=problem)
    return Shown("connections/waiting.html", {"title": declared.title})


def _denied(declared: Connector, row: Row) -> bool:
    """Whether the browser came back from a sign-in without a token."""
    return isinstance(way_of(declared, row), OAuth2) and row["expires_at"] is None


def _onward(visit: Visit, declared: Connector, connection_id: Any) -> Go:
    with visit.begin() as db:
        row = connections.get(db, visit.workspace_id, connection_id)
    label = row["label"] if row else ""
    said = gettext("Connected to %(account)s.", account=label) if label else gettext("Connected.")
    return Go(f"/connections/{connection_id}/{names_of(declared)[2]}", said=said)


def _back(visit: Visit, slug: str) -> str:
    return f"{visit.ground.settings.address}/connections/new/{slug}/back"


def _unfinished(visit: Visit, slug: str) -> Row | None:
    with visit.begin() as db:
        found = connections.listed(db, visit.workspace_id)
    mine = (r for r in found if r["connector"] == slug and r["state"] == "installing")
    return next(mine, None)


def _step(visit: Visit, here: str, slug: str, template: str, **values: Any) -> Shown:
    declared = connector_of(visit, slug)
    status = 422 if values.get("problem") or values.get("problems") else 200
    common = {"about": about(slug, declared), "steps": steps(slug, declared, here)}
    return Shown(template, {**common, **values}, status)


def _form(
    visit: Visit,
    slug: str,
    problem: str = "",
    problems: Sequence[tuple[str, str]] = (),
    settings: Mapping[str, str] | None = None,
) -> Shown:
    declared = connector_of(visit, slug)
    asked = visit.form.get("way") or visit.args.get("way") or ""
    name = asked if asked in declared.ways else next(iter(declared.ways))
    way = declared.ways[name]
    earlier = _unfinished(visit, slug)
    known = {**(earlier["settings"] if earlier else {}), **(settings or {})}
    first, more = _split(declared)
    named = {f.name for f in (*first, *more, *fields_of(way))}
    loose = [told(words) for where, words in problems if where not in named]
    own = _has_app(visit, slug) if isinstance(way, OAuth2) else False
    return _step(
        visit, "connect", slug, "connections/connect.html",
        problem=problem, loose=loose, problems=problems, way=name, way_label=way.label,
        ways=[(n, w.label) for n, w in declared.ways.items()],
        first=typed.drawn(first, "set", known, problems),
        more=typed.drawn(more, "set", known, problems),
        keys=typed.drawn(fields_of(way), "key", {}, problems),
        signs_in=isinstance(way, OAuth2), grants=_grants(way), has_app=own,
        redirect_url=visit.ground.settings.address + BACK,
        played=is_sandbox(visit), playable=_playable(visit, slug),
    )  # fmt: skip


def _split(declared: Connector) -> tuple[Sequence[Field], Sequence[Field]]:
    """The settings that must be known to connect, and those that few need now; the rest belongs to
    later steps."""
    first = [f for f in declared.settings if f.required]
    later = [f for f in declared.settings if not (f.required or f.maps or f.live)]
    # A carrier's other settings are about the sender, which is a step of its own.
    return first, [f for f in later if f.advanced] if declared.carrier else later


def _grants(way: Way) -> bool:
    return isinstance(way, Keys) and way.grant is not None


def _has_app(visit: Visit, slug: str) -> bool:
    with visit.ground.database.begin() as db:
        return apps.usual(db, visit.workspace_id, slug) is not None


def _playable(visit: Visit, slug: str) -> bool:
    return is_sandbox(visit) and sandbox.can_connect(visit.ground, slug)
