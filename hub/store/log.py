"""The log: a merchant's messages and what was decided not to be sent, found by what a person asks
for. No question walks further than REACH rows back; where it stopped is told, and one goes on from
there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows

REACH = 50_000  # rows that one question looks at
COUNTED = 1000  # rows that are counted one by one; beyond them it is «or more»
ASIDE = ("uncertain", "failed", "expired", "skipped", "cancelled")
GROUPS = {"waiting": ("scheduled", "held")}
NEEDS = "needs"  # what nobody but a person can settle

_NEEDS = """m.id = ANY(ARRAY(
    SELECT u.id FROM messages u WHERE u.workspace_id = :workspace_id AND u.state = 'uncertain'
    AND u.final_at IS NOT NULL AND u.settled_as = ''
    UNION ALL SELECT h.message_id FROM held_back h JOIN messages b ON b.id = h.message_id
    WHERE h.workspace_id = :workspace_id AND b.state = 'held' AND b.reason = 'restored'))"""
_SKIPPED = "d.action = 'skip' AND d.message_id IS NULL"
# Named first, one by one: asked for in their order, PostgreSQL would walk along all there are.
_HIS = """d.id = ANY(ARRAY(SELECT x.id FROM decisions x WHERE x.event_id = ANY(ARRAY(
    SELECT e.id FROM events e WHERE e.workspace_id = :workspace_id AND e.phone = :phone
    AND e.phone <> '' ORDER BY e.occurred_at DESC LIMIT 2000))))"""
_ABOUT = """{0}.id = ANY(ARRAY(SELECT x.id FROM {1} x
    WHERE x.event_id = ANY(CAST(:events AS uuid[]))))"""
_ASKED = "d.event_id IS NULL AND d.phone = :phone"
_FROM = """(m.source_id = :source_id OR (m.source_id IS NULL AND EXISTS (SELECT 1 FROM events e
    WHERE e.id = m.event_id AND e.connection_id = :source_id)))"""
# A decision knows its template by its automation's version; one asked for directly, by its record.
_BY_TEMPLATE = """((d.automation_id, d.version) IN (SELECT v.automation_id, v.version
    FROM automation_versions v JOIN automations a ON a.id = v.automation_id
    WHERE a.workspace_id = :workspace_id AND v.document #>> '{send,template}' = :template)
    OR (d.automation_id IS NULL AND d.record #>> '{automation,send,template}' = :template))"""


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty is everything. `phone` is a token; `state` is one of a message's,
    "waiting" or "needs"; ids are from `since`, below `until`; `via` are the automations that a
    template is sent by; `events` and `subjects` are what a record's name was found under."""

    phone: str = ""
    automation_id: UUID | None = None
    template_id: UUID | None = None
    template: str = ""
    via: tuple[UUID, ...] = ()
    channel: str = ""
    state: str = ""
    reason: str = ""
    carrier_id: UUID | None = None
    source_id: UUID | None = None
    since: UUID | None = None
    until: UUID | None = None
    events: tuple[UUID, ...] | None = None
    subjects: tuple[str, ...] = ()


class Strand(NamedTuple):
    """One walk along one index: `near` is what the index is entered by, `rest` what is looked at in
    each row it gives."""

    table: str
    near: tuple[str, ...]
    rest: tuple[str, ...]


class Found(NamedTuple):
    """Ids with their tables, in order; `beyond` is the id where the walk ended before the rows
    did."""

    ids: Sequence[tuple[UUID, str]]
    beyond: UUID | None = None


def page(
    db: Connection,
    workspace_id: UUID,
    wanted: Wanted,
    *,
    before: UUID | None = None,
    after: UUID | None = None,
    limit: int = 51,
) -> Found:
    """So many, newest first; those just above `after` where it is given."""
    values = {**_values(wanted), "workspace_id": workspace_id, "limit": limit}
    values |= {"before": before} if before else {"after": after} if after else {}
    strands = list(_strands(wanted))
    reach = REACH // len(strands)
    found = [(r["id"], s.table) for s in strands for r in _walk(db, s, values, reach)]
    newest = sorted(found, reverse=after is None)[:limit]
    if len(newest) == limit:
        return Found(newest if after is None else newest[::-1])
    ends = [end for s in strands if (end := _end(db, s, values, reach))]
    if not ends:
        return Found(newest if after is None else newest[::-1])
    # Only what every strand has looked at is whole.
    edge = max(ends) if after is None else min(ends)
    kept = [one for one in newest if (one[0] >= edge if after is None else one[0] <= edge)]
    return Found(kept if after is None else kept[::-1], edge)


def count(db: Connection, workspace_id: UUID, wanted: Wanted) -> tuple[int, UUID | None]:
    """How many there are, COUNTED at most; and where the counting ended before the rows did."""
    found = page(db, workspace_id, wanted, limit=COUNTED)
    return len(found.ids), found.beyond


def needing(db: Connection, workspace_id: UUID, wanted: Wanted) -> int:
    """How many of them wait for a person."""
    if wanted.state not in ("", NEEDS):
        return 0
    return len(page(db, workspace_id, replace(wanted, state=NEEDS), limit=COUNTED).ids)


def _values(wanted: Wanted) -> dict[str, Any]:
    given = {name: value for name, value in vars(wanted).items() if value not in ("", None, ())}
    by_each = {f"via_{n}": automation for n, automation in enumerate(wanted.via)}
    return by_each | {n: list(v) if isinstance(v, tuple) else v for n, v in given.items()}


def _strands(wanted: Wanted) -> Iterator[Strand]:
    """Messages, one walk for each state that a reason may stand at; and what was never planned."""
    states: tuple[str, ...] = (wanted.state,)
    if wanted.reason and not wanted.state:
        states = (*ASIDE, "waiting")
    for state in states:
        yield from _messages(replace(wanted, state=state))
    if "skipped" in states and not (wanted.channel or wanted.carrier_id):
        yield from _decisions(wanted)


def _messages(wanted: Wanted) -> Iterator[Strand]:
    """A template has no index of its own, which each message would pay for four times: it is looked
    for among what its automations sent, and what no automation did."""
    asked = list(_asked_of_messages(wanted))
    near = [words for words, enters in asked if enters][:1]
    rest = tuple(words for words, _ in asked if words not in near)
    if near or not wanted.template_id:
        yield Strand("messages", (*near, *_between(wanted, "m")), rest)
        return
    each = [f"m.automation_id = :via_{n}" for n in range(len(wanted.via))]
    for words in (*each, "m.automation_id IS NULL"):
        yield Strand("messages", (words, *_between(wanted, "m")), rest)


def _asked_of_messages(wanted: Wanted) -> Iterator[tuple[str, bool]]:
    """Each condition, and whether an index is entered by it; the narrowest first."""
    if wanted.state == NEEDS:
        yield _NEEDS, True
    if wanted.events is not None:
        by_event = _ABOUT.format("m", "messages")
        yield (by_event, True) if wanted.events else ("m.subject = ANY(:subjects)", False)
    if wanted.phone:
        yield "m.phone = :phone", True
    if wanted.state and wanted.state != NEEDS:
        words = ", ".join(f"'{one}'" for one in GROUPS.get(wanted.state, (wanted.state,)))
        yield f"m.state IN ({words})", wanted.state in ASIDE or wanted.state in GROUPS
    for name in ("automation_id", "template_id", "channel", "reason", "carrier_id", "source_id"):
        if getattr(wanted, name):
            words = _FROM if name == "source_id" else f"m.{name} = :{name}"
            yield words, name == "automation_id"


def _decisions(wanted: Wanted) -> Iterator[Strand]:
    rest = [f"d.{n} = :{n}" for n in ("automation_id", "reason") if getattr(wanted, n)]
    if wanted.template_id:
        rest.append(_BY_TEMPLATE)
    if wanted.source_id:
        rest.append("EXISTS (SELECT 1 FROM events e WHERE e.id = d.event_id"
                    " AND e.connection_id = :source_id)")  # fmt: skip
    near = (_SKIPPED, *_between(wanted, "d"))
    if wanted.events is not None:
        yield Strand("decisions", (_ABOUT.format("d", "decisions"), *near), tuple(rest))
    elif wanted.phone:
        yield Strand("decisions", (_HIS, *near), tuple(rest))
        yield Strand("decisions", (_ASKED, *near), tuple(rest))
    else:
        yield Strand("decisions", near, tuple(rest))


def _between(wanted: Wanted, table: str) -> list[str]:
    since = [f"{table}.id >= :since"] if wanted.since else []
    return [*since, *([f"{table}.id < :until"] if wanted.until else [])]


def _inner(strand: Strand, values: dict[str, Any]) -> tuple[str, str]:
    """The rows that are looked at, and their order."""
    name = strand.table[0]
    order = "ASC" if "after" in values else "DESC"
    on = {"before": f"{name}.id < :before", "after": f"{name}.id > :after"}
    turns = [words for end, words in on.items() if end in values]
    where = " AND ".join([f"{name}.workspace_id = :workspace_id", *strand.near, *turns])
    return f"FROM {strand.table} {name} WHERE {where} ORDER BY {name}.id {order}", order


def _walk(db: Connection, strand: Strand, values: dict[str, Any], reach: int) -> Sequence[Row]:
    inner, order = _inner(strand, values)
    if not strand.rest:
        return rows(db, f"SELECT {strand.table[0]}.id {inner} LIMIT :limit", **values)
    return rows(
        db,
        f"""SELECT {strand.table[0]}.id FROM (SELECT {strand.table[0]}.* {inner} LIMIT :reach)
            {strand.table[0]} WHERE {" AND ".join(strand.rest)}
            ORDER BY {strand.table[0]}.id {order} LIMIT :limit""",  # noqa: S608 - our own words
        **values,
        reach=reach,
    )


def _end(db: Connection, strand: Strand, values: dict[str, Any], reach: int) -> UUID | None:
    """Where a walk stopped because it had gone far enough; None where it saw all there is."""
    if not strand.rest:
        return None
    sql = f"SELECT {strand.table[0]}.id {_inner(strand, values)[0]} OFFSET :reach LIMIT 1"
    found = row(db, sql, **values, reach=reach - 1)
    return found["id"] if found is not None else None
