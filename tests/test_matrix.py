"""Six kinds of phones, five carriers, five ways in which receipts come: each person gets exactly
one message, by RCS or by SMS, and the log says which and why."""

import pytest

from hub.contract.kit.handsets import KINDS, SCHEDULES
from hub.report.road import road_of
from hub.store import connections
from hub.store.database import rows

# The carrier under test, with what carries the SMS where it carries none.
CARRIERS = {
    "smsmode": ("smsmode",),
    "twilio": ("twilio",),
    "googlercs": ("googlercs", "kannel"),
    "kannel": ("kannel",),
    "smpp": ("smpp",),
}
NUMBERS = {kind: f"+3363998010{n}" for n, kind in enumerate(KINDS)}
REACHED = ("reachable", "unreachable", "offline", "learns_late")
TEXT = "Bonjour {{ first_name }}, votre commande est prete."
RICH = {
    "cards": [
        {
            "title": "Votre commande est prête",
            "text": "Bonjour {{ first_name }}, elle vous attend.",
            "suggestions": [{"open": "Voir", "url": "https://shop.example.com/commande"}],
        }
    ]
}


@pytest.fixture
def carriers(request, installed, road, ground):
    """The carrier's simulator, and the one beside it, connected; a phone of each kind in each."""
    made = []
    for slug in CARRIERS[request.param]:
        one = installed(slug)
        simulator = one.simulator
        if hasattr(simulator, "webhook"):  # typed in at the vendor, once for all messages
            with ground.database.begin() as db:
                row = connections.by_ids(db, [one.connection_id])[one.connection_id]
            simulator.webhook = ground.hook_url(row)
        for kind, number in NUMBERS.items():
            simulator.handsets.behave(number, kind)
        made.append(simulator)
    road.walk()
    return made


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("carriers", CARRIERS, indirect=True)
def test_each_person_gets_exactly_one_message_and_the_log_says_which(
    carriers, schedule, ground, road, clock, write_to
):
    simulators = carriers
    for simulator in simulators:
        simulator.receipts = schedule
    ids = dict(zip(NUMBERS, write_to(NUMBERS.values(), TEXT, RICH), strict=True))
    road.walk()
    clock.move(hours=4, minutes=1)  # the time to live of an RCS message is over
    _pass_time(road, clock)
    _give_up(simulators, ids)
    _pass_time(road, clock)
    for simulator in simulators:
        simulator.release()
    _pass_time(road, clock)
    for kind, number in NUMBERS.items():
        screens = [shown for one in simulators for shown in one.handsets.screen(number)]
        wanted = 1 if kind in REACHED else 0
        assert len(screens) == wanted, f"{kind}: {screens}"
        _told_truly(ground, ids[kind], screens, kind)


def _give_up(simulators, ids):
    """A carrier ends by itself what it could not deliver in the time it was given."""
    for simulator in simulators:
        if hasattr(simulator, "expire") and simulator.carried(ids["offline"]) == 0:
            simulator.expire(ids["offline"])


def _pass_time(road, clock):
    for _ in range(6):
        road.walk()
        clock.move(minutes=3)


def _told_truly(ground, message_id, screens, kind):
    """What the log says is what the phone shows."""
    with ground.database.begin() as db:
        log = rows(
            db,
            """SELECT id, channel, state, sentence, reason, stands_in_for FROM messages
               WHERE id = :id OR stands_in_for = :id ORDER BY id""",
            id=message_id,
        )
        road = road_of(db, log[0]["id"], now=ground.clock())
    good = [one for one in log if one["state"] in ("sent", "delivered", "read")]
    shown = {one.channel for one in screens}
    if screens:
        assert {one["channel"] for one in good if one["reason"] != "unproven"} == shown
    else:
        assert all(one["sentence"] for one in log if one not in good or one["reason"])
    for one in log:
        if one["state"] in ("failed", "expired"):
            assert one["sentence"], f"{kind}: it does not say why"
    instead = next((s for s in road.stations if s.name == "instead"), None)
    assert (instead is not None) == (len(log) == 2)
