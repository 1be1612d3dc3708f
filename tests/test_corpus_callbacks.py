"""What a carrier's address may be called with: reports and replies that make no sense, or mean
harm. A message's state only moves for its own report; a STOP is heard however it is written."""

import json

import pytest

from hub.local.cast import CAST
from hub.local.corpus.cases import cases
from hub.store.database import row, rows

CASES = cases("4.2", "4.2")
REPORTS = [case for case in CASES if case.fields["kind"] == "reports"]
REPLIES = [case for case in CASES if case.fields["kind"] == "reply"]
POSTS = [case for case in CASES if case.fields["kind"] == "post"]


class Address:
    """The carrier's address in the hub."""

    def __init__(self, client, connection, channel):
        self.client, self.slug, self.token = (
            client,
            connection["connector"],
            connection["hook_token"],
        )
        self.channel = {"channelId": channel}

    def post(self, body, path="", method="POST", kind="application/json"):
        at = path.replace("{slug}", self.slug).replace("{token}", self.token)
        at = at.replace("{other}", CAST["shop"]) or f"/hooks/{self.slug}/{self.token}"
        data = body if isinstance(body, str) else json.dumps(body)
        return self.client.open(at, method=method, data=data, content_type=kind).status_code


@pytest.fixture
def address(carrier, ground, flask_app):
    with ground.database.begin() as db:
        connection = row(db, "SELECT * FROM connections WHERE id = :id", id=carrier.connection_id)
    channel = ground.credentials(connection)["channel_id"]
    return Address(flask_app.test_client(), connection, channel)


def _nobody_stumbled(ground):
    with ground.database.begin() as db:
        found = rows(db, "SELECT state, reason FROM intakes WHERE state IN ('new', 'dead')")
    assert [tuple(one.values()) for one in found] == []


def _long(value):
    if isinstance(value, dict):
        return {name: _long(inner) for name, inner in value.items()}
    marked = isinstance(value, str) and value.startswith("*")
    return "x" * int(value[1:]) if marked else value


def test_only_a_messages_own_report_moves_it_and_never_back(
    address, carrier, ground, road, write_to, token_of
):
    carrier.simulator.courier.hold = True  # its own reports stay where they are
    numbers = [f"+3363998{n:04}" for n in range(len(REPORTS))]
    for answered in write_to(numbers, "Bonjour {{ first_name }}"):
        assert answered
    road.walk()
    tokens = [token_of(number) for number in numbers]
    with ground.database.begin() as db:
        sent = {m["phone"]: m for m in rows(db, "SELECT * FROM messages")}
    for case, token in zip(REPORTS, tokens, strict=True):
        ours = {"direction": "MT", "channel": address.channel, "refClient": str(sent[token]["id"]),
                "messageId": sent[token]["carrier_message_id"]}  # fmt: skip
        for body in case.fields["bodies"]:
            told = [{**ours, **body}]
            told += [{**one, "channel": address.channel} if isinstance(one, dict) else one
                     for one in case.fields.get("beside", ())]  # fmt: skip
            told += [{**ours, **body, "messageId": f"x{n}", "refClient": f"x{n}"}
                     for n in range(case.fields.get("among", 0))]  # fmt: skip
            status = address.post(told if len(told) > 1 else told[0])
            assert status in (200, 401), case
        road.walk()
    with ground.database.begin() as db:
        stands = {m["phone"]: m["state"] for m in rows(db, "SELECT phone, state FROM messages")}
    wrong = [
        f"{case}: {stands[token]}, not {case.expected}"
        for case, token in zip(REPORTS, tokens, strict=True)
        if not case.allows(stands[token])
    ]
    assert not wrong, "\n".join(wrong)
    _nobody_stumbled(ground)


def _reply(address, number, text, case):
    body = _long(case.fields.get("body") or {"text": text})
    return {"direction": "MO", "channel": address.channel, "messageId": f"r-{case.id}",
            "from": case.fields.get("sender", number), "body": body}  # fmt: skip


def test_a_stop_is_heard_in_every_form_and_nothing_else_is_one(address, ground, road, token_of):
    wrong, numbers = [], {}
    for n, case in enumerate(REPLIES):
        number = f"3363998{n:04}"
        status = address.post(_reply(address, number, case.text, case))
        numbers[case.id] = number
        if status != 200 and not case.allows(status):
            wrong.append(f"{case}: {status}")
    road.walk()
    with ground.database.begin() as db:
        heard = {r["carrier_reply_id"]: r["keyword"] for r in rows(db, "SELECT * FROM replies")}
        said = rows(db, "SELECT phone FROM consents WHERE verdict = 'stopped'")
        stopped = {one["phone"] for one in said}
    for case in REPLIES:
        number = numbers[case.id]
        keyword = heard.get(f"r-{case.id}", "nobody")
        reached = token_of(f"+{number}") in stopped or "sender" in case.fields
        verdict = "nobody" if "+" not in keyword and keyword == "stop" and not reached else keyword
        if case.expected == "nobody" and token_of(case.fields.get("sender", "")) not in stopped:
            continue
        if not case.allows(verdict):
            wrong.append(f"{case}: {verdict}, not {case.expected}")
    assert not wrong, "\n".join(wrong)
    _nobody_stumbled(ground)


@pytest.mark.parametrize("case", POSTS, ids=str)
def test_what_is_no_callback_of_this_carrier_is_turned_away(case, address):
    status = address.post(
        case.fields.get("body", "{}"), case.fields.get("path", ""),
        case.fields.get("method", "POST"), case.fields.get("type", "application/json"),
    )  # fmt: skip
    assert case.allows(status)


def test_a_strangers_words_are_kept_as_text_that_every_column_takes(address, ground, road):
    wrong = []
    found = cases("S", "4.2")
    for n, case in enumerate(found):
        status = address.post(_reply(address, f"3363998{n:04}", case.text, case))
        if not case.allows({200: "kept"}.get(status, status)):
            wrong.append(f"{case}: {status}")
    road.walk()
    with ground.database.begin() as db:
        kept = {r["carrier_reply_id"]: r["body"] for r in rows(db, "SELECT * FROM replies")}
    missing = [str(c) for c in found if c.expected == "kept" and f"r-{c.id}" not in kept]
    assert not wrong + missing, wrong + missing
    assert all(
        "\x00" not in text and text.encode("utf-8") == text.encode() for text in kept.values()
    )
    _nobody_stumbled(ground)
