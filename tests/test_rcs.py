"""RCS on the road: where the phone can show it, and exactly one SMS where it cannot. The matrix of
phones and carriers stands in test_matrix.py; here is what it does not ask."""

import pytest

from hub.contract import Reply
from hub.send.beneath import put_beneath, take_back
from hub.send.listen import listen
from hub.store import reach
from hub.store.database import rows

ZOE = "+33639980123"
TEXT = "Bonjour {{ first_name }}, votre commande est prete."
RICH = {
    "cards": [
        {
            "title": "Votre commande est prête",
            "text": "Bonjour {{ first_name }}, elle vous attend.",
            "suggestions": [
                {"open": "Voir", "url": "https://shop.example.com/commande"},
                {"answer": "Oui", "means": "YES"},
            ],
        }
    ]
}


@pytest.fixture
def phones(rcs_carrier, road):
    road.walk()
    return rcs_carrier.simulator


def log(ground):
    with ground.database.begin() as db:
        return [
            (m["channel"], m["state"], m["reason"])
            for m in rows(db, "SELECT * FROM messages ORDER BY id")
        ]


def test_a_phone_with_rcs_gets_a_card_and_no_sms(phones, road, ground, write_to):
    write_to([ZOE], TEXT, RICH)
    road.walk()
    (shown,) = phones.handsets.screen(ZOE)
    assert shown.channel == "rcs"
    assert shown.rich.cards[0].title == "Votre commande est prête"
    assert log(ground) == [("rcs", "delivered", "")]


def test_a_card_links_are_the_persons_own_short_ones(phones, road, settings, write_to):
    write_to([ZOE], TEXT, RICH)
    road.walk()
    (shown,) = phones.handsets.screen(ZOE)
    assert shown.rich.cards[0].suggestions[0].url.startswith(f"{settings.address}/l/")


def test_what_was_learnt_of_a_phone_is_kept_with_its_date(phones, road, ground, clock, write_to):
    phones.handsets.behave(ZOE, "unreachable")
    write_to([ZOE], TEXT, RICH)
    road.walk()
    write_to([ZOE], TEXT, RICH)
    road.walk()
    assert [one.channel for one in phones.handsets.screen(ZOE)] == ["sms", "sms"]
    assert [channel for channel, _, _ in log(ground)] == ["rcs", "sms", "sms"]
    with ground.database.begin() as db:
        (known,) = rows(db, "SELECT * FROM reach")
        assert (known["able"], known["how"]) == (False, "receipt")
        assert reach.known(db, [(known["connection_id"], ZOE)], clock.move(days=31)) == {}


def test_a_late_receipt_changes_the_log_and_sends_nothing(phones, road, ground, clock, write_to):
    phones.receipts = "late"
    phones.handsets.behave(ZOE, "offline")
    (message,) = write_to([ZOE], TEXT, RICH)
    road.walk()
    clock.move(hours=5)
    phones.expire(message)
    for _ in range(3):
        road.walk()
        clock.move(minutes=2)
    phones.release()
    road.walk()
    assert [one.channel for one in phones.handsets.screen(ZOE)] == ["sms"]
    assert [(c, s) for c, s, _ in log(ground)] == [("rcs", "expired"), ("sms", "delivered")]


def test_the_sms_beneath_is_taken_back_when_the_card_arrives_after_all(
    phones, road, ground, write_to
):
    (message,) = write_to([ZOE], TEXT, RICH)
    phones.receipts = "never"
    road.pipeline.send_transactional()
    with ground.database.begin() as db:
        rows(db, "UPDATE messages SET state = 'expired' WHERE id = :id RETURNING id", id=message)
    with ground.database.begin() as db:
        (rich,) = rows(db, "SELECT * FROM messages WHERE id = :id", id=message)
        put_beneath(db, [rich], ground.clock())
        put_beneath(db, [rich], ground.clock())
        take_back(db, [rich], ground.clock())
    road.walk()
    assert [one.channel for one in phones.handsets.screen(ZOE)] == ["rcs"]
    assert log(ground)[1] == ("sms", "cancelled", "arrived")


def test_a_tap_on_an_answer_is_heard_as_what_it_means(phones, road, ground, write_to):
    write_to([ZOE], TEXT, RICH)
    road.walk()
    (shown,) = phones.handsets.screen(ZOE)
    phones.tap(ZOE, shown.rich.cards[0].suggestions[1].postback)
    road.walk()
    with ground.database.begin() as db:
        (reply,) = rows(db, "SELECT * FROM replies")
    assert (reply["keyword"], str(reply["message_id"])) == ("yes", shown.reference)


def test_a_postback_that_was_never_issued_means_no_more_than_its_words(
    phones, road, ground, write_to
):
    write_to([ZOE], TEXT, RICH)
    road.walk()
    with ground.database.begin() as db:
        (carrier,) = rows(db, "SELECT * FROM connections")
        intake = {"workspace_id": carrier["workspace_id"], "connection_id": carrier["id"]}
        told = [(intake, Reply("r-1", ZOE, "Bonjour", postback="forged"))]
        (heard,) = listen(db, ground.vault, told)
    assert heard.tapped is None
    assert heard.keyword.value == "other"


def test_a_send_in_doubt_is_given_again_where_the_carrier_tells_the_two_apart(
    installed, road, ground, clock, write_to
):
    google = installed("googlercs").simulator
    road.walk()
    google.faults.plan("lost_after", on="agentMessages")
    (message,) = write_to([ZOE], TEXT, RICH)
    road.walk()
    with ground.database.begin() as db:
        rows(db, "UPDATE reach SET able = false RETURNING phone")  # learnt meanwhile: too late
    for _ in range(3):
        clock.move(seconds=10)
        road.walk()
    assert google.carried(message) == 1
    assert [(c, s) for c, s, _ in log(ground)] == [("rcs", "sent")]
    with ground.database.begin() as db:
        assert [t["outcome"] for t in rows(db, "SELECT * FROM attempts ORDER BY n")] == [
            "unknown",
            "accepted",
        ]
