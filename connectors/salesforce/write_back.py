"""Outcomes → one Task per message, and fields of the Contact or Lead: two calls for two hundred."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.contract import Context, Outcome, Refused, Throttled, Written

from . import client, mapping, reading, standing, tasks
from .client import Collection, Org
from .documents import long_id, pick, record_id, text
from .errors import refusal

NOTED = (
    "delivered,read,failed,skipped,clicked,bought,replied,opted_out,opted_in,"
    "confirmed,declined,postponed"
)
_LOCKED = "UNABLE_TO_LOCK_ROW"
_CONSENT = ("opted_out", "opted_in")


@dataclass
class Plan:
    """A batch: outcomes by message and by person, what stands there, and what came of each."""

    outcomes: Sequence[Outcome]
    written: dict[int, Written] = field(default_factory=dict)
    messages: dict[str, list[int]] = field(default_factory=dict)
    people: dict[str, list[int]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    known: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    rows: dict[str, tuple[mapping.Table, Mapping[str, Any]]] = field(default_factory=dict)

    def of(self, indexes: Sequence[int]) -> list[Outcome]:
        """These outcomes."""
        return [self.outcomes[index] for index in indexes]

    def refuse(self, indexes: Sequence[int], words: str) -> None:
        """What Salesforce will never take, in words."""
        self.written |= {index: Written(refused=words) for index in indexes}


def write(ctx: Context, outcomes: Sequence[Outcome]) -> list[Written]:
    """Answers in the outcomes' order. Each stands in its message's Task once, by its marker."""
    plan = _plan(ctx, outcomes)
    if plan.messages:
        try:
            with client.signed_in(ctx) as org:
                _read(org, plan)
                _tell(org, plan)
        except Refused as error:
            if error.code != "INVALID_FIELD":
                raise
            _say_what_lacks(ctx, plan, error)
    return [plan.written[index] for index in range(len(outcomes))]


def _say_what_lacks(ctx: Context, plan: Plan, error: Refused) -> None:
    name = tasks.marker_field(ctx.settings)
    lacks = f"Salesforce's Task has no field {name}. Add it as the install page says."
    words = lacks if name in error.words else error.words
    for indexes in plan.messages.values():
        plan.refuse(indexes, words)


def _plan(ctx: Context, outcomes: Sequence[Outcome]) -> Plan:
    plan = Plan(outcomes)
    noted = ctx.settings.get("note_outcomes", NOTED).replace(" ", "").split(",")
    for index, outcome in enumerate(outcomes):
        number = record_id(outcome.subject.partition(":")[2])
        person = record_id(outcome.person_record.partition(":")[2])
        noun = outcome.subject.partition(":")[0]
        if not (number or person) or (noun == "workflow" and not person):
            plan.written[index] = Written(refused="There is no such record in Salesforce.")
        elif outcome.kind not in noted and outcome.kind not in _CONSENT:
            plan.written[index] = Written(f"record:{number or person}")
        else:
            plan.messages.setdefault(tasks.reference(outcome), []).append(index)
            if noun == "booking" and not person:
                plan.owners[number] = ""
    return plan


def _read(org: Org, plan: Plan) -> None:
    """What stands there now, in one call: the messages' Tasks, bookings' people, the people."""
    settings = org.ctx.settings
    if plan.owners:
        table = mapping.standard(settings)["Event"]
        found = client.read(org, [reading.by_ids(table, plan.owners)])[0]
        plan.owners |= {long_id(r.get("Id")): long_id(r.get("WhoId")) for r in found.rows}
    _find_people(plan)
    tables = mapping.people(settings)
    wanted = [(t, [n for n in plan.people if reading.table_of(n) == o]) for o, t in tables.items()]
    wanted = [(table, numbers) for table, numbers in wanted if numbers and table.origin]
    queries = [tasks.standing(settings, list(plan.messages))]
    queries += [reading.by_ids(table, numbers) for table, numbers in wanted]
    found_tasks, *found_people = client.read(org, queries)
    field = tasks.marker_field(settings)
    plan.known = {text(pick(row, field)): row for row in found_tasks.rows}
    for (table, _), rows in zip(wanted, found_people, strict=True):
        plan.rows |= {long_id(row.get("Id")): (table, row) for row in rows.rows}


def _find_people(plan: Plan) -> None:
    for indexes in plan.messages.values():
        for index in indexes:
            who, _ = tasks.records_of(plan.outcomes[index], plan.owners)
            if who:
                plan.people.setdefault(long_id(who), []).append(index)


def _tell(org: Org, plan: Plan) -> None:
    """The Tasks and the people's fields, in one call; what was locked is tried once more."""
    made, changed = _tasks(org, plan), _updates(org, plan)
    locked = _send(org, plan, made, changed)
    if locked != ({}, {}):
        locked = _send(org, plan, *locked)
    if locked != ({}, {}):
        # What is written stands, and writing it again changes nothing.
        words = "Some Salesforce records are being edited by somebody else just now."
        raise Throttled(words, retry_after=5.0)


def _tasks(org: Org, plan: Plan) -> dict[str, dict[str, Any]]:
    """The Tasks to write, by message; those that stand are answered here."""
    found = {}
    for name, indexes in plan.messages.items():
        told, known = plan.of(indexes), plan.known.get(name)
        links = tasks.records_of(told[-1], plan.owners)
        if links == ("", ""):
            plan.refuse(indexes, "Salesforce has no Contact or Lead behind this record.")
            continue
        task = tasks.task(told, known, org.ctx.settings, links)
        if task is None:
            where = f"task:{long_id(pick(known, 'Id'))}"
            plan.written |= {index: Written(where) for index in indexes}
        else:
            found[name] = task
    return found


def _updates(org: Org, plan: Plan) -> dict[str, dict[str, Any]]:
    """The people's records to change, by id."""
    ctx, me = org.ctx, reading.user(org.ctx)
    found: dict[str, dict[str, Any]] = {}
    for number, indexes in plan.people.items():
        table, row = plan.rows.get(number, (None, {}))
        if table is not None:
            told = plan.of(indexes)
            change = standing.update(told, table, row, ctx.clock(), me)
            found |= {number: change} if change else {}
            if standing.lacks_consent(table, row):
                plan.refuse(_consents(plan, indexes), _no_place(table))
    return found


_Changes = dict[str, dict[str, Any]]


def _send(org: Org, plan: Plan, made: _Changes, changed: _Changes) -> tuple[_Changes, _Changes]:
    """One call for both; answers what was locked by somebody else's edit."""
    both = [
        Collection(tuple(made.values()), "Task", tasks.marker_field(org.ctx.settings)),
        Collection(tuple(changed.values())),
    ]
    sent = [one for one in both if one.records]
    answers = client.change(org, sent) if sent else []
    by_collection = {id(one): rows for one, rows in zip(sent, answers, strict=True)}
    tasks_told, people_told = (by_collection.get(id(one), []) for one in both)
    locked_tasks = {
        name: made[name]
        for name, row in zip(made, tasks_told, strict=True)
        if _settle_task(plan, plan.messages[name], row)
    }
    locked_people = {
        number: changed[number]
        for number, row in zip(changed, people_told, strict=True)
        if _settle_person(plan, plan.people[number], row)
    }
    return locked_tasks, locked_people


def _settle_task(plan: Plan, indexes: Sequence[int], row: Mapping[str, Any]) -> bool:
    """Note what came of a Task; True where it was locked."""
    if row.get("success") is True:
        where = f"task:{long_id(row.get('id'))}"
        plan.written |= {i: plan.written.get(i) or Written(where) for i in indexes}
        return False
    code, words = refusal(row)
    if code == _LOCKED:
        return True
    plan.refuse(indexes, words)
    return False


def _settle_person(plan: Plan, indexes: Sequence[int], row: Mapping[str, Any]) -> bool:
    """Note a field that was refused: it matters where it is somebody's opt-out."""
    if row.get("success") is True:
        return False
    code, words = refusal(row)
    if code == _LOCKED:
        return True
    plan.refuse(_consents(plan, indexes), words)
    return False


def _consents(plan: Plan, indexes: Sequence[int]) -> list[int]:
    return [index for index in indexes if plan.outcomes[index].kind in _CONSENT]


def _no_place(table: mapping.Table) -> str:
    fields = f"{table.consent} and {table.origin}"
    return f"{table.object} lacks {fields}, so the consent stands in the Task alone. Add them."
