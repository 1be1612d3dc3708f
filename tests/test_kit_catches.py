"""The kit is worth nothing unless it catches: each of these connectors breaks one law."""

import json
import logging
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import uuid6

from hub.contract import AuthLost, Throttled, Unavailable, Written
from hub.contract.kit import blank
from hub.contract.kit.bench import Candidate
from hub.contract.kit.blank.client import add_note, pull
from hub.contract.kit.blank.events import parse, sign, verify
from hub.contract.kit.blank.simulator import Simulator
from hub.contract.kit.certify import certify
from hub.contract.kit.score import registered, try_check

GOOD = blank.connector


def accept_all(request, secrets):
    pass


def verify_as_text(request, secrets):
    request.header("x-signature").encode("ascii")
    verify(request, secrets)


def verify_the_parsed(request, secrets):
    compact = json.dumps(json.loads(request.body), separators=(",", ":")).encode()
    verify(replace(request, body=compact), secrets)


def verify_without_secret(request, secrets):
    if secrets.get("webhook_secret"):
        verify(request, secrets)


def verify_a_prefix(request, secrets):
    signature = sign(request.body, secrets.get("webhook_secret", "") or str(uuid6.uuid7()))
    given = request.header("x-signature")
    if not given or not signature.startswith(given):
        verify(request, secrets)


def parse_without_care(request, settings):
    document = json.loads(request.body)
    return parse(request, settings) if document["contact"] else ()


def parse_with_new_keys(request, settings):
    parsed = parse(request, settings)
    if isinstance(parsed, tuple):
        return tuple(replace(event, key=str(uuid6.uuid7())) for event in parsed)
    return parsed


def dedupe_by_delivery(request):
    return request.header("x-delivery-id") or "polled"


def write_blindly(ctx, outcomes):
    return [
        Written(reference=add_note(ctx, o.subject.partition(":")[2], f"{o.sentence} {o.marker}"))
        for o in outcomes
    ]


def check_loosely(ctx):
    try:
        return GOOD.check(ctx)
    except (AuthLost, Throttled) as error:
        raise Unavailable(error.words) from None


def check_aloud(ctx):
    logging.getLogger("blank").debug("the key is %s", ctx.secrets["api_key"])
    return GOOD.check(ctx)


@dataclass
class Forgetful:
    """Remembers what it has read, and does not read it again when it should."""

    read: str = ""

    def pull(self, ctx, cursor):
        if cursor:
            cursor = max(cursor, self.read, key=lambda text: int(text or 0))
        page = pull(ctx, cursor)
        self.read = page.cursor if cursor else ""
        return page


def with_webhook(**parts):
    return replace(GOOD, webhook=replace(GOOD.webhook, **parts))


MUTANTS = {
    "accepts anything": (with_webhook(verify=accept_all), "verify-tampered"),
    "needs no signature": (with_webhook(verify=accept_all), "verify-signature"),
    "takes a part of the signature": (with_webhook(verify=verify_a_prefix), "verify-signature"),
    "verifies what it parsed": (with_webhook(verify=verify_the_parsed), "verify-tampered"),
    "is open without a secret": (with_webhook(verify=verify_without_secret), "verify-secret"),
    "crashes on a strange header": (with_webhook(verify=verify_as_text), "verify-strange"),
    "crashes on deep nesting": (with_webhook(parse=parse_without_care), "junk-bodies"),
    "crashes on a missing field": (with_webhook(parse=parse_without_care), "junk-fields"),
    "makes new keys each time": (with_webhook(parse=parse_with_new_keys), "pure"),
    "has other keys when polled again": (with_webhook(parse=parse_with_new_keys), "poll-same"),
    "trusts the delivery id": (with_webhook(dedupe=dedupe_by_delivery), "dedupe-same"),
    "takes two deliveries for one": (with_webhook(dedupe=lambda _: "one"), "dedupe-different"),
    "does not notice lost keys": (replace(GOOD, check=check_loosely), "credentials-wrong"),
    "does not wait as told": (replace(GOOD, check=check_loosely), "fault-429"),
    "writes twice": (
        replace(GOOD, target=replace(GOOD.target, write=write_blindly)),
        "write-twice",
    ),
    "writes again after a lost answer": (
        replace(GOOD, target=replace(GOOD.target, write=write_blindly)),
        "write-interrupted",
    ),
    "forgets a page in a crash": (
        replace(GOOD, poll=replace(GOOD.poll, pull=Forgetful().pull)),
        "poll-crash",
    ),
    "logs its key": (replace(GOOD, check=check_aloud), "quiet-logs"),
    "emits what no one has seen": (
        replace(GOOD, emits=("contact.changed", "order.paid")),
        "emits-shown",
    ),
}


def _candidate(connector):
    return Candidate("blank", Path(blank.__file__).parent, connector, Simulator)


@pytest.mark.parametrize("what", MUTANTS)
def test_the_kit_catches_a_connector_that(what):
    connector, name = MUTANTS[what]
    law = next(one for one in registered() if one.name == name)
    result = try_check(_candidate(connector), law)
    assert not result.passed
    assert len(result.words) < 400


def test_the_blank_connector_gets_a_full_score():
    score = certify(_candidate(GOOD))
    assert score.full, [result.words for result in score.results if not result.passed]


def test_every_check_has_a_name_and_a_sentence_of_its_own():
    laws = registered()
    assert len({law.name for law in laws}) == len({law.title for law in laws}) == len(laws)
