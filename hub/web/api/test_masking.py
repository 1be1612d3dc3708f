"""Phone numbers in answers: masked, unless the key may see them or the caller gave them."""

from typing import Any

NUMBER = "+33639980123"


def placed(shop: Any, road: Any) -> None:
    shop.simulator.place_order(phone="06 39 98 01 23", country="FR")
    road.walk()


def test_a_list_of_people_is_masked_unless_the_key_may_see_numbers(
    program_of: Any, workspace: Any, shop: Any, road: Any
):
    placed(shop, road)
    (masked,) = program_of(workspace, "read").get("/people").json["items"]
    (whole,) = program_of(workspace, "read", "numbers").get("/people").json["items"]
    assert (masked["phone"], whole["phone"]) == ("+33*******23", NUMBER)


def test_whoever_gives_the_number_reads_it_again(
    program_of: Any, workspace: Any, shop: Any, road: Any
):
    placed(shop, road)
    found = program_of(workspace, "read").get(f"/people/{NUMBER}").json
    assert (found["phone"], found["person"]["phone"]) == (NUMBER, NUMBER)


def test_messages_roads_and_decisions_show_no_token_and_no_whole_number(
    program_of: Any, workspace: Any, shop: Any, carrier: Any, road: Any, token_of: Any
):
    placed(shop, road)
    program = program_of(workspace)
    (message,) = program.get("/messages").json["items"]
    answers = [
        program.get("/messages"),
        program.get(f"/messages/{message['id']}"),
        program.get(f"/decisions/{message['decision_id']}"),
        program.get(f"/events/{message['event_id']}"),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert token_of(NUMBER) not in answer.text
        assert NUMBER not in answer.text
    assert "It goes to +33*******23." in answers[2].text
    assert message["to"] == "+33*******23"


def test_an_answer_kept_for_a_retry_is_masked_again(program_of: Any, workspace: Any, carrier: Any):
    program = program_of(workspace)
    wanted = {"template": "order-confirmed", "to": {"phone": NUMBER}}
    first, again = (program.post("/messages", wanted, once="k") for _ in range(2))
    assert "+33*******23" in first.text
    assert again.json == first.json


def test_testers_are_read_by_whoever_may_write_them(program_of: Any, workspace: Any):
    program_of(workspace, "manage", "read").put("/rules", {"testers": [NUMBER]})
    shown = [
        program_of(workspace, *scopes).get("/rules").json["testers"]
        for scopes in (("read",), ("read", "manage"), ("read", "numbers"))
    ]
    assert shown == [["+33*******23"], [NUMBER], [NUMBER]]
