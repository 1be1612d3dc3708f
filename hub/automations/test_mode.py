"""A whole road under the sending rules: test mode, hold-out, wordings, hours of a country."""

from datetime import UTC, datetime

from hub.automations.records import agrees, replay
from hub.store import automations, workspaces
from hub.store.database import rows, run
from hub.store.numbers import phones

MINE, THEIRS = "+33639980123", "+33639980145"


def order(shop, road, phone):
    shop.simulator.place_order(phone=phone, country="FR")
    road.walk()


def told(ground, workspace):
    """The reason for each phone as orders were confirmed; each decision computed again alike."""
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT d.* FROM decisions d JOIN automations a ON a.id = d.automation_id
               WHERE d.workspace_id = :id AND a.slug = 'order-confirmed' ORDER BY d.id""",
            id=workspace,
        )
    for decision in found:
        assert agrees(replay(decision["record"]), decision["record"])
    with ground.database.begin() as db:
        known = phones(db, ground.vault, [(workspace, d["phone"]) for d in found])
    return {known[workspace, d["phone"]].e164: d["reason"] for d in found}


def edit(ground, workspace, slug, **changes):
    with ground.database.begin() as db:
        document = automations.get(db, workspace, slug)["document"]
        automations.save(db, workspace, slug, {**document, **changes}, "live", ground.clock())


def test_while_testing_only_test_numbers_get_anything(
    ground, workspace, shop, carrier, road, token_of
):
    with ground.database.begin() as db:
        workspaces.change(db, workspace, testing=True, testers=[token_of(MINE)])
    order(shop, road, MINE)
    order(shop, road, THEIRS)
    assert carrier.simulator.inbox(MINE)
    assert not carrier.simulator.inbox(THEIRS)
    assert told(ground, workspace) == {MINE: "", THEIRS: "testing"}


def test_what_waits_is_not_sent_once_testing_begins(ground, workspace, shop, carrier, road, clock):
    edit(ground, workspace, "order-confirmed", delay={"minutes": 10})
    order(shop, road, THEIRS)
    with ground.database.begin() as db:
        workspaces.change(db, workspace, testing=True)
    clock.move(minutes=11)
    road.walk()
    with ground.database.begin() as db:
        [message] = rows(db, "SELECT state, reason FROM messages")
    assert (message["state"], message["reason"]) == ("skipped", "testing")
    assert not carrier.simulator.inbox(THEIRS)


def test_a_person_left_out_gets_nothing_and_has_a_decision(ground, workspace, shop, carrier, road):
    edit(ground, workspace, "order-confirmed", holdout=50)
    phones = [f"+336399801{n}" for n in range(10, 18)]
    for phone in phones:
        shop.simulator.place_order(phone=phone, country="FR")
    road.walk()
    reasons = told(ground, workspace)
    assert set(reasons) == set(phones)
    for phone in phones:
        assert bool(carrier.simulator.inbox(phone)) is (reasons[phone] == "")
        assert reasons[phone] in ("", "holdout")


def test_the_wording_of_a_message_is_kept_with_it(ground, workspace, shop, road):
    with ground.database.begin() as db:
        run(
            db,
            """UPDATE template_versions SET rich = '{}',
                   variants = '{"b": {"texts": {}, "rich": {}}}'
               WHERE template_id = (SELECT id FROM templates
                   WHERE workspace_id = :id AND slug = 'order-confirmed')""",
            id=workspace,
        )
    edit(ground, workspace, "order-confirmed", split={"b": 100}, delay={"minutes": 10})
    order(shop, road, MINE)
    with ground.database.begin() as db:
        [message] = rows(db, "SELECT variant, channel FROM messages")
    assert message["channel"] == "sms"
    assert told(ground, workspace) == {MINE: ""}
    assert message["variant"] == "b"


def test_hours_of_a_country_hold_for_its_numbers_alone(
    ground, workspace, shop, road, clock, token_of
):
    night = {"days": {"mon": ["02:00-03:00"]}, "zone": "Europe/Paris"}
    rules = {"windows": {"FR": {"transactional": night}}}
    with ground.database.begin() as db:
        workspaces.change(db, workspace, rules=rules, countries=["FR", "GB"])
    shop.simulator.place_order(phone=MINE, country="FR")
    shop.simulator.place_order(phone="+447700900123", country="GB")
    road.walk()
    edit(ground, workspace, "order-confirmed", if_late={"drop_after_minutes": 20160})
    shop.simulator.place_order(phone=THEIRS, country="FR")
    road.walk()
    assert told(ground, workspace) == {MINE: "late", "+447700900123": "", THEIRS: ""}
    with ground.database.begin() as db:
        sql = "SELECT due_at, state FROM messages WHERE phone = :phone"
        [waits] = rows(db, sql, phone=token_of(THEIRS))
    local = waits["due_at"].astimezone(UTC)
    assert waits["state"] == "held"
    assert (local.weekday(), local.hour in (0, 1)) == (0, True)
    assert waits["due_at"] > datetime(2026, 1, 1, tzinfo=UTC)
