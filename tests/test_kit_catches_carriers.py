"""The kit catches carriers that lose, double or misread messages: each breaks one law."""

from dataclasses import replace

import pytest

from hub import registry
from hub.contract import Accepted, ConnectorError, Found, Throttled, Unavailable, Unknown
from hub.contract.kit.score import registered, try_check

GOOD = registry.load().candidate("smsmode")
CARRIER = GOOD.connector.carrier


def send_backwards(ctx, messages):
    return list(reversed(CARRIER.send(ctx, messages)))


def send_each_twice(ctx, messages):
    CARRIER.send(ctx, messages)
    return CARRIER.send(ctx, messages)


def send_raising(ctx, messages):
    results = CARRIER.send(ctx, messages)
    if any(isinstance(result, Unknown) for result in results):
        raise Unavailable("The carrier did not answer.")
    return results


def send_all_or_none(ctx, messages):
    results = CARRIER.send(ctx, messages)
    bad = [result for result in results if not isinstance(result, Accepted)]
    return bad[:1] * len(results) if bad else results


def send_swallowing(ctx, messages):
    try:
        return CARRIER.send(ctx, messages)
    except Throttled as error:
        return [Unknown(error.words) for _ in messages]


def send_naming_people(ctx, messages):
    try:
        return CARRIER.send(ctx, messages)
    except ConnectorError as error:
        error.words += f" The message to {messages[0].to.e164} waits."
        raise


def find_anything(ctx, reference):
    return Found(carrier_message_id="1", state="sent")


def replies_without_flags(request):
    return [replace(reply, opt_out=False) for reply in CARRIER.replies(request)]


def receipts_without_words(request):
    return [replace(receipt, state="DELIVERED") for receipt in CARRIER.receipts(request)]


MUTANTS = {
    "answers in another order": ({"send": send_backwards}, "find"),
    "sends each message twice": ({"send": send_each_twice}, "send-batch"),
    "raises in doubt": ({"send": send_raising}, "send-doubt"),
    "lets one bad number stop a batch": ({"send": send_all_or_none}, "send-refused"),
    "takes a 429 for a doubt": ({"send": send_swallowing}, "fault-429"),
    "names people in its errors": ({"send": send_naming_people}, "quiet-logs"),
    "finds what was never sent": ({"find": find_anything}, "find"),
    "does not flag a STOP": ({"replies": replies_without_flags}, "replies"),
    "keeps the vendor's own words": ({"receipts": receipts_without_words}, "receipts"),
    "mixes up callbacks": ({"dedupe": lambda _: "one"}, "dedupe-different"),
    "claims more than it takes": ({"batch_size": 1_000, "send": lambda *_: ()}, "send-batch"),
}


@pytest.mark.parametrize("what", MUTANTS)
def test_the_kit_catches_a_carrier_that(what):
    parts, name = MUTANTS[what]
    connector = replace(GOOD.connector, carrier=replace(CARRIER, **parts))
    law = next(one for one in registered() if one.name == name)
    result = try_check(replace(GOOD, connector=connector), law)
    assert not result.passed
