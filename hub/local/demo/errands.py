"""The stories of the four systems beside the shop, judged by what stands on their records."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hub.local.demo import planned
from hub.local.demo.acts import Acts
from hub.local.demo.people import Resident
from hub.local.demo.phone import ZONE
from hub.local.demo.scene import Scene, await_texts
from hub.local.demo.systems import sales
from hub.local.demo.town import Town

_CROWD = sales.crowd(2100)
_FRIENDS = sales.crowd(2200, 2)


def _enrol(acts: Acts, person: Resident) -> str:
    for one in (person, *_FRIENDS):
        acts.crm.tick(one, True)
    return acts.crm.enrol(person, *_FRIENDS)


def _steps_went_on(town: Town, person: Resident) -> Iterator[str]:
    for one, told in town.acts.crm.results(person):
        if told.get("relais_result") != "delivered":
            yield f"the workflow's step of {one.number} was told {told or 'nothing'}."
    yield from _one_on_the_timeline(town, person)


def _one_on_the_timeline(town: Town, person: Resident) -> Iterator[str]:
    crm = town.acts.crm
    notes = crm.account.notes(crm.subject(person))
    if len(notes) != 1:
        yield f"the contact's timeline has {len(notes)} messages and should have 1: {notes}"
    status = crm.account.record(crm.subject(person)).get("relais_last_status")
    if status != "delivered":
        yield f"the contact's last status is {status!r} and should be «delivered»."


def _win_deal(acts: Acts, person: Resident) -> str:
    return acts.crm.win(person)


def _untick(acts: Acts, person: Resident) -> str:
    acts.crm.tick(person, True)
    acts.crm.tick(person, False)
    return acts.crm.enrol(person)


def _step_was_skipped(town: Town, person: Resident) -> Iterator[str]:
    for _, told in town.acts.crm.results(person):
        if told.get("relais_result") != "skipped":
            yield f"the workflow's step was told {told or 'nothing'}, not that it was skipped."


def _stop(acts: Acts, person: Resident) -> str:
    acts.crm.tick(person, True)
    subject = acts.crm.enrol(person)
    await_texts(acts, person, 1)
    acts.answer(person, "STOP")
    await_texts(acts, person, 2)
    return subject


def _contact_says_no(town: Town, person: Resident) -> Iterator[str]:
    found = town.acts.crm.account.record(town.acts.crm.subject(person))
    if found.get("relais_sms_opt_in") != "false" or not found.get("relais_opt_out_at"):
        yield f"the STOP is not on the contact: {found}"


def _run_flow(acts: Acts, person: Resident) -> str:
    return acts.sales.run_flow(person, _CROWD)


def _twenty_tasks(town: Town, person: Resident) -> Iterator[str]:
    states = town.acts.sales.results(person)
    if states != {"delivered": sales.RECORDS}:
        yield f"the Flow was told {dict(states)} of its {sales.RECORDS} records."
    for one in (person, *_CROWD):
        texts, tasks = len(town.phones.inbox(one.number)), _tasks(town, one)
        if (texts, tasks) != (1, 1):
            yield f"{one.number} has {texts} texts and {tasks} Tasks, and should have one of each."


def _tasks(town: Town, person: Resident) -> int:
    return len(town.acts.sales.org.tasks(town.acts.sales.contact(person)))


def _win_opportunity(acts: Acts, person: Resident) -> str:
    return acts.sales.win(person)


def _one_task(town: Town, person: Resident) -> Iterator[str]:
    acts = town.acts.sales
    tasks = acts.org.tasks(acts.deals[person.slug])
    if [task["Status"] for task in tasks] != ["Completed"]:
        yield f"the opportunity should have one completed Task: {tasks}"
    status = acts.org.record(acts.contact(person))["Relais_SMS_Status__c"]
    if status != "delivered":
        yield f"the contact's status is {status!r} and should be «delivered»."


def _book_then(*answers: str) -> Scene:
    """A booking two days ahead, answered; the event shows it."""
    (answer,) = answers
    mark, colour = {"YES": ("✓", "10"), "NO": ("✗", "11")}[answer]

    def play(acts: Acts, person: Resident) -> str:
        subject = acts.calendar.book(person, days=2)
        await_texts(acts, person, 1)
        acts.answer(person, answer)
        return subject

    def check(town: Town, person: Resident) -> Iterator[str]:
        event = _event(town, person)
        seen = (event.get("summary", "")[:1], event.get("colorId"))
        if seen != (mark, colour):
            yield f"the event shows {seen} and should show {(mark, colour)}."
        yield from _reminders(town, person, 2 if answer == "YES" else 0)

    return Scene(f"A booking, answered {answer}", play, (BOOKED,), check=check)


def _event(town: Town, person: Resident) -> dict[str, Any]:
    return town.acts.calendar.diary.event(town.acts.calendar.booked[person.slug])


def _reminders(town: Town, person: Resident, count: int) -> Iterator[str]:
    """One a day before, and one three hours before: of the booking as it stands."""
    calendar = town.acts.calendar
    event = calendar.diary.event(calendar.booked[person.slug])
    start = datetime.fromisoformat(event["start"]["dateTime"]).astimezone(ZONE)
    wanted = [start - timedelta(days=1), start - timedelta(hours=3)][:count]
    subject = calendar.diary.subject_of(calendar.booked[person.slug])
    found = [when for when, _ in planned.waiting(town, subject)]
    if found != wanted:
        yield f"reminders are planned for {found} and should be for {wanted}."


def _move(acts: Acts, person: Resident) -> str:
    acts.calendar.book(person, days=2)
    await_texts(acts, person, 1)
    return acts.calendar.move(person)


def _reminders_moved(town: Town, person: Resident) -> Iterator[str]:
    yield from _reminders(town, person, 2)


def _cancel(acts: Acts, person: Resident) -> str:
    acts.calendar.book(person, days=2)
    await_texts(acts, person, 1)
    return acts.calendar.cancel(person)


def _reminders_gone(town: Town, person: Resident) -> Iterator[str]:
    yield from _reminders(town, person, 0)


def _add_row(acts: Acts, person: Resident) -> str:
    acts.sheet.add(person)
    acts.sheet.sort(person)
    await_texts(acts, person, 1)
    acts.sheet.sort(person)
    return ""


def _change_row(acts: Acts, person: Resident) -> str:
    acts.sheet.add(person)
    await_texts(acts, person, 1)
    acts.sheet.change(person)
    return ""


def _row_is_told(town: Town, person: Resident) -> Iterator[str]:
    row = town.acts.sheet.row(person)
    if row.get("Relais status") != "delivered":
        yield f"the row's status is {row.get('Relais status')!r} and should be «delivered»."


OFFERED, WON, PAPERS, BOOKED, MOVED, CANCELLED, LISTED, READY, STOPPED = (
    "vous nous manquez",
    "est conclu",
    "vos papiers",
    "noté",
    "déplacé",
    "est annulé",
    "c'est noté pour",
    "vous attend",
    "plus nos offres",
)

ERRANDS = (
    Scene("Three contacts in a workflow", _enrol, (OFFERED,), check=_steps_went_on),
    Scene("A deal is won in the CRM", _win_deal, (WON,), check=_one_on_the_timeline),
    Scene("The CRM's box for SMS is unticked", _untick, refusals=("consent_withdrawn",),
          check=_step_was_skipped),
    Scene("STOP reaches the CRM", _stop, (OFFERED, STOPPED), check=_contact_says_no),
    Scene("A Flow over 20 records", _run_flow, (PAPERS,), check=_twenty_tasks),
    Scene("An opportunity is won", _win_opportunity, (WON,), check=_one_task),
    _book_then("YES"),
    _book_then("NO"),
    Scene("A booking is moved", _move, (BOOKED, MOVED), check=_reminders_moved),
    Scene("A booking is cancelled", _cancel, (BOOKED, CANCELLED), check=_reminders_gone),
    Scene("A row is added, the sheet sorted", _add_row, (LISTED,), check=_row_is_told),
    Scene("A row is changed", _change_row, (LISTED, READY), check=_row_is_told),
)  # fmt: skip
