"""Seeded faults: each breaks one law, and the kit must catch each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import uuid6

from hub.contract import AuthLost, Context, Event, Outcome, Page, Refused, Throttled, Unavailable
from hub.contract.kit.mutants import Mutant

Fault = Callable[[Any], Any]


def _instead(made: Any) -> Fault:
    return lambda genuine: made


def _raising(wanted: type[Exception], other: type[Exception]) -> Fault:
    """The vendor's errors translated to another than they are."""

    def faulty(genuine: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def raise_for(error: Any) -> Any:
            try:
                genuine(error)
            except wanted as told:
                raise other(str(told)) from None

        return raise_for

    return faulty


def _after_page(change: Callable[[Page], Page]) -> Fault:
    """The pages changed on their way to the hub."""

    def faulty(genuine: Callable[[Context, str], Page]) -> Callable[[Context, str], Page]:
        return lambda ctx, cursor: change(genuine(ctx, cursor)) if cursor else genuine(ctx, cursor)

    return faulty


def _with_keys(key: Callable[[Event], str]) -> Fault:
    """The events with other keys."""

    def faulty(genuine: Callable[..., Any]) -> Callable[..., Any]:
        def parse(request: Any, settings: Mapping[str, str]) -> Any:
            said = genuine(request, settings)
            return [replace(e, key=key(e)) for e in said] if isinstance(said, list) else said

        return parse

    return faulty


def _forgetting_first(genuine: Callable[..., Any]) -> Callable[..., Any]:
    """The cursor is saved before the page is read: what is on it is never told."""

    def pull(ctx: Context, cursor: str) -> Page:
        page: Page = genuine(ctx, cursor)
        return replace(genuine(ctx, page.cursor), requests=()) if page.more else page

    return pull


def _without_markers(genuine: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def body_of(*given: Any) -> dict[str, Any]:
        body = genuine(*given)
        del body["extendedProperties"]["private"]["relaisMarkers"]
        return body

    return body_of


class _Blind(list[str]):
    """Markers of which none is ever found."""

    def __contains__(self, marker: object) -> bool:
        return False


def _whole_batch_fails(genuine: Callable[..., Any]) -> Callable[..., Any]:
    def write(ctx: Context, outcomes: Sequence[Outcome]) -> Any:
        written = genuine(ctx, outcomes)
        if any(one.refused for one in written):
            raise Refused("One record cannot be written on.")
        return written

    return write


def _one_too_many(genuine: Callable[..., Any]) -> Callable[..., Any]:
    def read(*given: Any) -> Any:
        said = genuine(*given)
        return (
            said if isinstance(said, str) else replace(said, person=replace(said.person, phone=""))
        )

    return read


MUTANTS = (
    Mutant(
        "the token is not compared", "events", "verify", _instead(lambda request, secrets: None)
    ),
    Mutant(
        "a record is named anew each time it is read",
        "events",
        "dedupe",
        lambda genuine: lambda r: genuine(r) + uuid6.uuid7().hex,
    ),
    Mutant(
        "event keys are made anew",
        "events",
        "parse",
        _with_keys(lambda event: uuid6.uuid7().hex),
    ),
    Mutant(
        "a change has the key of its booking alone",
        "events",
        "parse",
        _with_keys(lambda event: event.subject),
    ),
    Mutant("the doorbell is taken for nothing", "events", "Pull", _instead(list)),
    Mutant(
        "the cursor is saved too early",
        "poll",
        "pull",
        _forgetting_first,
        test="test_poll.py::test_a_lost_token_brings_no_storm_and_loses_nothing",
    ),
    Mutant(
        "the pages after the first are forgotten",
        "poll",
        "pull",
        _after_page(lambda page: replace(page, more=False)),
        test="test_poll.py::test_a_lost_token_brings_no_storm_and_loses_nothing",
    ),
    Mutant(
        "every listing begins with what is old",
        "poll",
        "_Reading._is_news",
        _instead(lambda *_: True),
        test="test_poll.py::test_what_stood_before_the_connection_is_never_told",
    ),
    Mutant(
        "our own patches are told as changes",
        "poll",
        "_short",
        _instead(lambda name: uuid6.uuid7().hex[:10]),
    ),
    Mutant(
        "our mark is read as the title",
        "bookings",
        "unmarked",
        lambda genuine: lambda e, s: e.get("summary", ""),
    ),
    Mutant("the phone is not looked for", "bookings", "read", _one_too_many),
    Mutant(
        "an occurrence is named by its series",
        "bookings",
        "stable_id",
        lambda genuine: lambda e: e.get("recurringEventId") or e.get("id", ""),
    ),
    Mutant(
        "a series is told in any order",
        "bookings",
        "in_time",
        _instead(list),
        test="test_poll.py::test_a_new_series_is_told_from_its_first_occurrence_on",
    ),
    Mutant("no occurrence names its series", "events", "_series", _instead(lambda told: "")),
    Mutant("a 429 is taken for an outage", "client", "raise_for", _raising(Throttled, Unavailable)),
    Mutant("a 401 is refused for good", "client", "raise_for", _raising(AuthLost, Refused)),
    Mutant("an outage is refused for good", "client", "raise_for", _raising(Unavailable, Refused)),
    Mutant("the marker is not written", "write_back", "body_of", _without_markers),
    Mutant(
        "a marker that stands is not looked for",
        "write_back",
        "_markers",
        lambda genuine: lambda noted: _Blind(genuine(noted)),
    ),
    Mutant("one bad record fails the batch", "write_back", "write", _whole_batch_fails),
    Mutant("nothing is unsubscribed", "channels", "unsubscribe", _instead(lambda ctx: None)),
    Mutant(
        "channels are named anew each time",
        "channels",
        "_name",
        _instead(lambda *_: f"relais-{uuid6.uuid7().hex}"),
    ),
    Mutant(
        "an order hides behind the click that led to it",
        "write_back",
        "_RANK",
        lambda ranked: tuple(kind for kind in ranked if kind != "bought"),
        test="test_write_back.py::test_within_one_second_an_order_outranks_the_click_and_a_stop_the_order",
    ),
)
