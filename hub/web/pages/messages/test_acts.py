"""What is done with messages: once, by whom may, in their own workspace alone."""

import pytest

from hub.contract import Receipt
from hub.send.progress import apply
from hub.store import audit
from hub.store.database import new_id, row, rows, run

ZOE = "+33639980101"


@pytest.fixture
def message(write_to, ground):
    """`message(state, **columns)`: one to Zoé in that state; its id."""

    def made(state="scheduled", **columns):
        (one,) = write_to([ZOE], "Bonjour")
        sets = ", ".join(f"{name} = :{name}" for name in ("state", *columns))
        sql = f"UPDATE messages SET {sets} WHERE id = :id"  # noqa: S608 - our own names
        with ground.database.begin() as db:
            run(db, sql, id=one, state=state, **columns)
        return one

    return made


@pytest.fixture
def stands(ground):
    """`stands()`: (state, settled_as) of every message, oldest first."""

    def read():
        with ground.database.begin() as db:
            found = rows(db, "SELECT state, settled_as FROM messages ORDER BY id")
        return [(one["state"], one["settled_as"]) for one in found]

    return read


def test_a_waiting_one_is_cancelled_after_its_consequence_is_said(browser, message, stands, ground):
    one, owner = message(), browser()
    assert "It does not go, now or later. This cannot be taken back." in owner.get(
        f"/messages/{one}").text  # fmt: skip
    assert "It is cancelled." in owner.post(f"/messages/{one}/cancel").text
    assert stands() == [("cancelled", "")]
    assert "Nothing was changed" in owner.post(f"/messages/{one}/cancel").text
    with ground.database.begin() as db:
        assert [line["what"] for line in audit.listed(db, 9)].count("message.cancelled") == 1


def test_a_viewer_sees_no_action_and_may_do_none(browser, message):
    one, viewer = message(), browser("viewer")
    assert "What you can do" not in viewer.get(f"/messages/{one}").text
    assert viewer.post(f"/messages/{one}/cancel", on="/messages").status_code == 403


@pytest.mark.parametrize(
    ("verdict", "left"),
    [
        ("arrived", [("sent", "arrived")]),
        ("not_arrived", [("failed", "not_arrived")]),
        ("sent_again", [("uncertain", "sent_again"), ("scheduled", "")]),
        ("maybe", [("uncertain", "")]),
    ],
)
def test_an_uncertain_one_is_settled_once(browser, message, stands, verdict, left):
    one, owner = message("uncertain"), browser()
    owner.post(f"/messages/{one}/settle", verdict=verdict)
    owner.post(f"/messages/{one}/settle", on="/messages", verdict=verdict)
    assert stands() == left


def test_a_failed_one_is_sent_again_as_one_new_message(browser, message, stands, ground):
    one, owner = message("failed"), browser()
    assert "judged again before it leaves" in owner.get(f"/messages/{one}").text
    page = owner.post(f"/messages/{one}/again")
    assert "A new message goes now." in page.text
    assert "this earlier message" in page.text
    owner.post(f"/messages/{one}/again", on="/messages")
    assert stands() == [("failed", "sent_again"), ("scheduled", "")]
    assert "this newer message" in owner.get(f"/messages/{one}").text


def test_what_failed_long_ago_is_not_sent_again(browser, message, stands, clock):
    one = message("expired")
    clock.move(days=8)
    owner = browser()
    assert "Send it again" not in owner.get(f"/messages/{one}").text
    assert "Nothing was changed" in owner.post(f"/messages/{one}/again", on="/messages").text
    assert stands() == [("expired", "")]


def test_one_that_arrives_after_all_takes_back_what_was_to_go_again(
    browser, message, stands, ground, carrier
):
    one = message("failed", carrier_id=carrier.connection_id, carrier_message_id="c-1", tries=1)
    browser().post(f"/messages/{one}/again", on="/messages")
    late = Receipt("c-1", one, "delivered")
    with ground.database.begin() as db:
        apply(
            db, [(late, row(db, "SELECT * FROM messages WHERE id = :id", id=one))], ground.clock()
        )
    assert [state for state, _ in stands()] == ["delivered", "cancelled"]


def test_a_dead_number_is_tried_again_once_its_block_is_lifted(browser, message, ground):
    one, owner = message("skipped", reason="dead_number"), browser()
    with ground.database.begin() as db:
        run(db, """INSERT INTO people (id, workspace_id, phone, failures)
            SELECT :id, workspace_id, phone, 2 FROM messages""", id=new_id())  # fmt: skip
    assert "The block is lifted." in owner.post(f"/messages/{one}/lift").text
    with ground.database.begin() as db:
        assert row(db, "SELECT failures FROM people")["failures"] == 0


def test_one_held_since_a_restore_goes_when_somebody_says_so(browser, message, ground, workspace):
    one, owner = message("held", reason="restored"), browser()
    now = ground.clock()
    with ground.database.begin() as db:
        run(db, "INSERT INTO restores (id, taken_at, restored_at) VALUES (:id, :at, :at)",
            id=(restore := new_id()), at=now)  # fmt: skip
        run(db, """INSERT INTO held_back (message_id, workspace_id, restore_id, again, state,
            reason, sentence, due_at) VALUES (:id, :shop, :restore, false, 'scheduled', '', '',
            :at)""", id=one, shop=workspace, restore=restore, at=now)  # fmt: skip
    assert "1 needs you" in owner.get("/messages").text
    assert "the person gets it twice" in owner.get(f"/messages/{one}").text
    assert "It is let go." in owner.post(f"/messages/{one}/release").text
    assert "Scheduled" in owner.get(f"/messages/{one}").text


def test_what_could_not_be_told_is_told_again(browser, message, ground, shop, workspace):
    one, owner = message("failed"), browser()
    with ground.database.begin() as db:
        run(db, """INSERT INTO write_backs (id, workspace_id, connection_id, message_id, marker,
            outcome, state, words) VALUES (:id, :shop, :to, :message, 'm', CAST(:outcome AS jsonb),
            'dead', 'Away.')""", id=new_id(), shop=workspace, to=shop.connection_id, message=one,
            outcome='{"kind": "failed", "sentence": "Not delivered."}')  # fmt: skip
    assert "Tell the record again" in owner.get(f"/messages/{one}").text
    assert "The record is told again." in owner.post(f"/messages/{one}/tell").text
    with ground.database.begin() as db:
        assert row(db, "SELECT state FROM write_backs")["state"] == "new"


def test_what_could_not_be_read_is_opened_again(browser, ground, shop, workspace):
    with ground.database.begin() as db:
        run(db, """INSERT INTO intakes (id, workspace_id, connection_id, road, source, dedupe_key,
            sealed, size, received_at, state, reason) VALUES (:id, :shop, :to, 'events', 'webhook',
            '', '', 0, :at, 'bad', 'No JSON.')""", id=(one := new_id()), shop=workspace,
            to=shop.connection_id, at=ground.clock())  # fmt: skip
    owner = browser()
    assert "Open it again" in owner.get(f"/events/{one}").text
    assert "It is opened again in a moment." in owner.post(f"/events/{one}/open-again").text
    with ground.database.begin() as db:
        assert row(db, "SELECT state FROM intakes WHERE id = :id", id=one)["state"] == "new"


def test_nothing_of_another_workspace_is_there(browser, message, other_workspace, stands):
    one, stranger = message("uncertain"), browser("owner", other_workspace)
    for path in (f"/messages/{one}", f"/messages/{one}/live"):
        assert stranger.get(path).status_code == 404
    for act in ("cancel", "release", "settle", "again", "tell", "lift"):
        answer = stranger.post(f"/messages/{one}/{act}", on="/messages", verdict="arrived")
        assert answer.status_code == 404, act
    assert stands() == [("uncertain", "")]
