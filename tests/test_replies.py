"""What people answer: heard once, tied to what it answers, acted on at once."""

from hub.store.database import row, rows

ZOE = "+33639980123"


def place(shop, **more):
    given = {"first_name": "Zoé", "phone": "06 39 98 01 23", "country": "FR", "consent": True}
    return shop.simulator.place_order(**{**given, **more})


def callback(ground, carrier, flask_app, body):
    with ground.database.begin() as db:
        token = row(db, "SELECT hook_token FROM connections WHERE connector = 'smsmode'")
    path = f"/hooks/smsmode/{token['hook_token']}"
    channel = carrier.simulator.settings(carrier.url)["channel_id"]
    body = {**body, "channel": {"channelId": channel, "type": "SMS"}}
    assert flask_app.test_client().post(path, json=body).status_code == 200


def reply(text, sender="33639980123", name="r-1", **more):
    return {
        "messageId": name,
        "direction": "MO",
        "from": sender,
        "recipient": {"to": "36034"},
        "body": {"text": text},
        **more,
    }


def test_a_reply_without_a_reference_is_tied_to_the_last_message(
    shop, carrier, road, ground, flask_app
):
    road.walk()
    place(shop)
    road.walk()
    callback(ground, carrier, flask_app, reply("Merci !"))
    road.walk()
    with ground.database.begin() as db:
        kept = row(db, "SELECT * FROM replies")
        message = row(db, "SELECT id FROM messages")
    assert kept["message_id"] == message["id"]
    assert kept["keyword"] == "other"


def test_a_stop_from_a_number_never_written_to_counts_and_is_confirmed(
    carrier, road, ground, flask_app
):
    road.walk()
    callback(ground, carrier, flask_app, reply("ARRÊT"))
    road.walk()
    with ground.database.begin() as db:
        assert row(db, "SELECT verdict FROM consents")["verdict"] == "stopped"
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_a_stop_in_two_callbacks_at_once_is_confirmed_once(carrier, road, ground, flask_app):
    road.walk()
    for name in ("r-1", "r-2", "r-2"):
        callback(ground, carrier, flask_app, reply("stop", name=name))
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_a_sentence_with_stop_in_it_opts_nobody_out(carrier, road, ground, flask_app):
    road.walk()
    callback(ground, carrier, flask_app, reply("I will stop by the shop tomorrow"))
    road.walk()
    with ground.database.begin() as db:
        assert rows(db, "SELECT * FROM consents") == []


def test_callbacks_nobody_can_read_are_kept_as_bad_and_hold_up_nobody(
    carrier, road, ground, flask_app
):
    road.walk()
    callback(ground, carrier, flask_app, reply(["not", "a", "text"], name="r-7"))
    callback(ground, carrier, flask_app, reply("STOP", name="r-8"))
    road.walk()
    with ground.database.begin() as db:
        assert row(db, "SELECT verdict FROM consents")["verdict"] == "stopped"
        assert row(db, "SELECT count(*) AS n FROM intakes WHERE state = 'new'")["n"] == 0
