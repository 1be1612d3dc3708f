"""Automations and facts drawn at random, for the properties of this room's tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations.caps import CapSeen
from hub.automations.conditions import Condition, variables_of
from hub.automations.delays import Delay, Step
from hub.automations.document import ONCE_PER, SAME, WINDOW, Automation, CancelOn
from hub.automations.draws import LAST
from hub.automations.facts import BookingSeen, ConsentSeen, EventSeen, Facts, PersonSeen, StopSeen
from hub.automations.operators import OPERATORS
from hub.automations.windows import PRESETS, always, preset
from hub.contract import VOCABULARY, EventType, Money
from hub.contract.events import TELLS_OF_UPCOMING, UPCOMING

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)  # a Wednesday, 14:00 in Paris

_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(str.strip)
_LINE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
_NUMBER = st.integers(-1000, 1000) | st.decimals(-100, 100, places=2).map(float)
_AMOUNT = _NUMBER | st.builds(
    Money, st.decimals(0, 100, places=2).map(Decimal), st.sampled_from(["EUR", "USD"])
)
_HOURS = st.integers(-48, 48)
_WANTED = {
    "is_one_of": st.lists(_TEXT, min_size=1, max_size=3).map(tuple),
    "between": st.tuples(_NUMBER, _NUMBER).map(sorted).map(tuple),
    "is_known": st.booleans(),
}
_BY_KIND = {
    "text": _TEXT,
    "url": _TEXT,
    "list": _TEXT,
    "number": _NUMBER,
    "money": _AMOUNT,
    "datetime": _HOURS,
    "flag": st.booleans(),
}


@st.composite
def _conditions(draw, kind: EventType) -> Condition:
    variable = draw(st.sampled_from(variables_of(kind)))
    operator = draw(st.sampled_from(sorted(OPERATORS[variable.kind])))
    wanted = draw(_WANTED.get(operator, _BY_KIND[variable.kind]))
    return Condition(variable.name, variable.kind, operator, wanted)


_STEPS = st.builds(Step, st.integers(0, 5000)) | st.builds(
    Step, st.just(0), st.integers(1, 9), st.sampled_from(["", "18:00", "02:30"])
)


def _fits(once_per: str, kind: EventType) -> bool:
    if kind.name == UPCOMING:
        return once_per == "slot"
    known = {name: kind.variable(name) is not None for name in ("status", "series")}
    known |= {"slot": kind.subject == "booking"}
    return known.get(once_per, True)


@st.composite
def _automations(draw) -> Automation:
    kind = draw(st.sampled_from(list(VOCABULARY.values())))
    dated = [v.name for v in kind.variables if v.kind == "datetime"]
    before = bool(dated) and draw(st.booleans())
    anchor = draw(st.sampled_from(dated if before else ["occurred_at", *dated]))
    ahead = kind.name == UPCOMING
    steps = (
        draw(st.lists(_STEPS, max_size=3, unique=True)) if ahead and anchor != "occurred_at" else []
    )
    once = [o for o in ONCE_PER if _fits(o, kind)]
    kept = draw(st.sampled_from(["marketing", "transactional"]))
    return Automation(
        name=draw(_LINE),
        event=kind.name,
        template="cart-reminder",
        kind=kept,
        conditions=tuple(draw(st.lists(_conditions(kind), max_size=2))),
        delay=Delay(0 if steps else draw(st.integers(0, 5000)), anchor, before, tuple(steps)),
        cancel_on=tuple(
            draw(
                st.lists(
                    st.builds(CancelOn, st.sampled_from(list(VOCABULARY)), st.sampled_from(SAME)),
                    max_size=2,
                )
            )
        ),
        once_per=draw(st.sampled_from(once)),
        restart=draw(st.booleans()),
        drop_after_minutes=draw(st.integers(0, 5000)),
        window=draw(st.sampled_from(WINDOW)),
        preferred_hour=draw(_PREFERRED) if kept == "marketing" else None,
        holdout=draw(st.sampled_from([0, 0, 10, 50])),
        split=draw(st.sampled_from([(), (), (("b", 50),), (("b", 20), ("c", 80))])),
        resend_after=draw(st.sampled_from([None, 1, 4320])) if kept == "transactional" else None,
    )


AUTOMATIONS = _automations()

_TIMES = st.timedeltas(timedelta(days=-3), timedelta(days=3)).map(lambda by: NOW + by)
_PEOPLE = st.builds(
    PersonSeen,
    key=st.sampled_from(["person-1", "+33639980123"]),
    phone=st.sampled_from(["+33639980123"] * 4 + [""]),
    kind=st.sampled_from(["mobile"] * 4 + ["landline"]),
    country=st.sampled_from(["FR", "FR", "US", ""]),
    zone=st.sampled_from(["", "Europe/Paris", "America/New_York", "nowhere"]),
    first_name=st.sampled_from(["Zoë", ""]),
    tester=st.booleans(),
    number_zones=st.sampled_from([(), (), ("America/Los_Angeles",), ("Indian/Reunion",)]),
)
_PREFERRED = st.none() | st.none() | st.integers(0, 23)
_CAPS = st.builds(
    CapSeen,
    st.integers(1, 5),
    st.sampled_from([60, 1440, 30 * 1440]),
    st.sampled_from(["marketing", "transactional", "all"]),
    st.integers(0, 4),
)
_WINDOW = st.sampled_from([always(), *map(preset, PRESETS)])


_TOLD = datetime.fromisoformat(str(VOCABULARY["booking.created"].sample()["starts_at"]))
_BOOKINGS = st.builds(
    BookingSeen,
    st.sampled_from(["booked"] * 4 + ["cancelled"]),
    st.sampled_from([_TOLD] * 4 + [None, NOW]),
    st.sampled_from(["", "", "confirmed", "declined", "postponed"]),
    st.booleans(),
    st.booleans(),
)


@st.composite
def _facts(draw, automation: Automation) -> Facts:
    sample = VOCABULARY[automation.event].sample()
    ahead = automation.event == UPCOMING
    event = EventSeen(
        type=draw(st.sampled_from(TELLS_OF_UPCOMING)) if ahead else automation.event,
        key="order:12:status:completed",
        subject="order:12",
        occurred_at=draw(_TIMES),
        received_at=draw(_TIMES),
        data={name: value for name, value in sample.items() if draw(st.integers(0, 9))},
        cart=draw(st.sampled_from(["", "c-81"])),
        connection=draw(st.sampled_from(["", "shop-1"])),
    )
    sources = st.sampled_from(["checkout", "reply"])
    return Facts(
        automation_state=draw(st.sampled_from(["live"] * 5 + ["test", "paused", "draft"])),
        automation_live_since=draw(st.none() | _TIMES),
        event=event,
        person=draw(st.none() | _PEOPLE | _PEOPLE | _PEOPLE),
        now=draw(_TIMES),
        window=draw(_WINDOW),
        consent=draw(st.none() | st.builds(ConsentSeen, st.booleans(), sources, _TIMES)),
        stopped=draw(st.none() | st.none() | st.builds(StopSeen, _TIMES, sources, st.booleans())),
        allowed_countries=draw(st.sampled_from([(), ("FR",), ("FR", "US")])),
        caps=tuple(draw(st.lists(_CAPS, max_size=3))),
        already=draw(st.booleans()),
        waiting=draw(st.none() | _TIMES),
        cancelled_by=draw(st.sampled_from([None, None, "order.created"])),
        template_known=draw(st.integers(0, 9)) > 0,
        dead_number=draw(st.integers(0, 9)) == 0,
        booking=draw(st.none() | _BOOKINGS) if event.type.startswith("booking.") else None,
        step=draw(st.integers(0, len(automation.delay.plan) - 1)),
        zone=draw(st.sampled_from(["", "Europe/Paris"])),
        transactional_window=draw(st.none() | st.none() | _WINDOW),
        testing=draw(st.integers(0, 5)) == 0,
        variants=draw(st.sampled_from([(), ("b",), ("b", "c")])),
        holdout_draw=draw(st.integers(0, LAST)),
        wording_draw=draw(st.integers(0, LAST)),
    )


CASES = _automations().flatmap(lambda a: st.tuples(st.just(a), _facts(a)))


def sendable(**changes: object) -> Facts:
    """Facts of a cart left at noon UTC on a Wednesday, by a person who agreed to marketing."""
    event = EventSeen(
        type="cart.abandoned",
        key="cart:81:abandoned",
        subject="cart:81",
        occurred_at=NOW,
        received_at=NOW + timedelta(seconds=5),
        data=VOCABULARY["cart.abandoned"].sample(),
        cart="c-81",
        connection="shop-1",
    )
    facts = Facts(
        automation_state="live",
        automation_live_since=NOW - timedelta(days=9),
        event=event,
        person=PersonSeen("person-1", "+33639980123", country="FR", language="fr"),
        now=NOW + timedelta(seconds=6),
        window=preset("FR"),
        consent=ConsentSeen(True, "checkout", NOW - timedelta(days=1)),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]


def left_at(instant: datetime) -> Facts:
    """Facts of the same cart left at another instant, decided at once."""
    return sendable(
        event=replace(sendable().event, occurred_at=instant, received_at=instant), now=instant
    )


def with_event(**changes: object) -> Facts:
    """Facts of the same cart with something else in its event."""
    return sendable(event=replace(sendable().event, **changes))


@settings(deadline=None)
@given(CASES)
def test_no_drawn_person_carries_a_whole_phone_number(case):
    _, facts = case
    assert facts.person is None or "3998" not in facts.person.phone
