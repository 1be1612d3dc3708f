"""Seeded faults: each breaks one law, and the kit must catch each."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hub.contract import Account, Page, Refused
from hub.contract.kit.mutants import Mutant

Genuine = Callable[..., Any]


def _any_key(genuine: Genuine) -> Genuine:
    def verify(request: Any, secrets: Any) -> None:
        keyed = {"webhook_secret": request.query.get("key") or "x"}
        genuine(replace(request, query={"key": keyed["webhook_secret"]}), keyed)

    return verify


def _one_page(genuine: Genuine) -> Genuine:
    def pull(ctx: Any, kept: str) -> Page:
        page: Page = genuine(ctx, kept)
        return replace(page, more=False) if page.requests else page

    return pull


def _saved_too_early(genuine: Genuine) -> Genuine:
    def pull(ctx: Any, kept: str) -> Page:
        page: Page = genuine(ctx, kept)
        return replace(page, requests=page.requests[:-1]) if page.more else page

    return pull


def _always_refused(genuine: Genuine) -> Genuine:
    def error_of(status: int, content: Any, headers: Any = None) -> Any:
        return Refused(f"Salesforce answered {status}.", code=str(status))

    return error_of


def _lost_is_refused(genuine: Genuine) -> Genuine:
    def error_of(status: int, content: Any, headers: Any = None) -> Any:
        found = genuine(status, content, headers)
        return Refused(found.words, code="401") if status == 401 else found

    return error_of


def _own_wait(genuine: Genuine) -> Genuine:
    return lambda status, content, headers=None: genuine(status, content, None)


def _unmarked(genuine: Genuine) -> Genuine:
    return lambda outcome: outcome.sentence


def _repeated(genuine: Genuine) -> Genuine:
    def sign(marker: str) -> str:
        return f"[relais {marker}] [relais {marker}]"

    return sign


def _new_task_each_time(genuine: Genuine) -> Genuine:
    counted = iter(range(10**9))
    return lambda outcome: f"{outcome.marker[:30]}-{next(counted)}"


def _by_our_note(genuine: Genuine) -> Genuine:
    return lambda row, table, user: f"{row.get('LastModifiedDate')} {row.get(table.origin)}"


def _forgets_itself(genuine: Genuine) -> Genuine:
    def update(*given: Any) -> Any:
        found = genuine(*given)
        table = given[1]
        return {**found, table.origin: ""} if found else found

    return update


def _everyone_said_it(genuine: Genuine) -> Genuine:
    return lambda row, table: replace(genuine(row, table), said="")


def _one_at_a_time(genuine: Genuine) -> Genuine:
    def enrich(ctx: Any, events: Any) -> list[Any]:
        return [answer for event in events for answer in genuine(ctx, [event])]

    return enrich


def _drops_the_lost(genuine: Genuine) -> Genuine:
    return lambda ctx, events: [one for one in genuine(ctx, events) if hasattr(one, "key")]


def _first_refusal_ends_it(genuine: Genuine) -> Genuine:
    def settle(plan: Any, indexes: Any, row: Any) -> bool:
        if row.get("success") is not True:
            raise Refused("Salesforce refused a record.")
        return bool(genuine(plan, indexes, row))

    return settle


def _believes(genuine: Genuine) -> Genuine:
    return lambda ctx: Account("Salesforce", "00D000000000001AAA")


def _talkative(genuine: Genuine) -> Genuine:
    def base_of(settings: Any, secrets: Any) -> Any:
        logging.getLogger(__name__).debug("token %s", secrets.get("access_token"))
        return genuine(settings, secrets)

    return base_of


def _all_results_accepted(genuine: Genuine) -> Genuine:
    return lambda request, secrets: None


MUTANTS = (
    Mutant("any key opens the door", "events", "verify", _any_key),
    Mutant("all deliveries have one name", "events", "dedupe", lambda _: lambda request: "one"),
    Mutant("only the first page is read", "poll", "pull", _one_page),
    Mutant("the cursor is saved before its page is whole", "poll", "pull", _saved_too_early),
    Mutant("every error is final", "client", "error_of", _always_refused),
    Mutant("a lost session is final", "client", "error_of", _lost_is_refused),
    Mutant("the vendor's wait is not heard", "client", "error_of", _own_wait),
    Mutant("the marker is not written", "tasks", "line", _unmarked),
    Mutant("what stands in the Task is written over and again", "tasks", "sign", _repeated),
    Mutant("each try makes a Task of its own", "tasks", "reference", _new_task_each_time),
    Mutant("a key hangs on what we write", "records", "edited", _by_our_note),
    Mutant("what we wrote is not noted", "standing", "update", _forgets_itself),
    Mutant("our own opt-out is read as a person's word", "origin", "note", _everyone_said_it),
    Mutant("each thin event costs a call", "enrichment", "enrich", _one_at_a_time),
    Mutant("an event of a lost record is dropped", "enrichment", "enrich", _drops_the_lost),
    Mutant(
        "one refused record fails the batch",
        "write_back",
        "_settle_task",
        _first_refusal_ends_it,
        test="test_write_back.py::test_a_refused_record_is_refused_alone",
    ),
    Mutant("the check asks nobody", "account", "check", _believes),
    Mutant("the token stands in the log", "transport", "base_of", _talkative),
    Mutant("anybody can run a Flow", "flow", "verify", _all_results_accepted),
    Mutant(
        "an order hides behind the click that led to it",
        "standing",
        "_RANK",
        lambda ranked: tuple(kind for kind in ranked if kind != "bought"),
        test="test_write_back.py::test_a_click_and_the_order_it_brought_are_told_on_the_contact",
    ),
    Mutant(
        "an order that was bought moves the message's Task",
        "tasks",
        "reference",
        lambda genuine: lambda outcome: outcome.message_id or genuine(outcome),
        test="test_write_back.py::test_an_order_that_a_message_brought_has_a_task_of_its_own",
    ),
)
