"""The oracle over real sockets: it answers as a till and as two towers, and counts."""

import asyncio

import orjson

from hub.local.chaos.oracle import Oracle, Script
from hub.local.chaos.wire import Line, serve

_REFERENCE = "019a0000-0000-7000-8000-00000000000{}"


def _sent(*numbers: int, channel: str = "sms") -> bytes:
    messages = [
        {"reference": _REFERENCE.format(n), "to": f"+3363998000{n}", "text": f"Order {n} is ready.",
         "channel": channel}
        for n in numbers
    ]  # fmt: skip
    return orjson.dumps({"hook": "http://127.0.0.1:1/hooks/tower/x", "messages": messages})


def _play(script: Script, *bodies: bytes, patience: float = 5.0) -> tuple[list[int], Oracle]:
    async def play() -> tuple[list[int], Oracle]:
        oracle = Oracle(script)
        server = await serve(oracle.answer)
        line = Line("127.0.0.1", server.sockets[0].getsockname()[1], patience=patience)
        said = [await line.post("/north/messages", {}, body) for body in bodies]
        line.close()
        server.close()
        return said, oracle

    return asyncio.run(play())


def test_a_tower_counts_every_message_that_it_takes():
    said, oracle = _play(Script(1, "lookup", faults=0.0), _sent(1, 2), _sent(2))
    assert said == [200, 200]
    assert oracle.ledger.counts(3) == oracle.ledger.counts(3) | {"accepted": 2, "double": 1}


def test_a_tower_with_a_key_takes_the_same_reference_once():
    _, oracle = _play(Script(1, "key", faults=0.0), _sent(1), _sent(1))
    assert oracle.ledger.double == 0


def test_a_call_that_goes_wrong_is_without_an_answer_or_with_a_bad_one():
    said, oracle = _play(
        Script(5, "lookup", faults=0.99), *[_sent(n) for n in range(6)], patience=0.2
    )
    met = oracle.towers["north"].mishaps.met
    assert sum(met.values()) >= 4
    assert set(said) <= {0, 200, 429, 500}


def test_a_silent_tower_tells_nothing_afterwards():
    _, oracle = _play(Script(1, "silent", faults=0.0), _sent(1, 2, 3))
    assert oracle.postman.waiting == 0


def test_a_phone_without_rcs_is_refused_every_time_and_takes_an_sms():
    every = range(10)
    both = (_sent(*every, channel="rcs"), _sent(*every, channel="rcs"), _sent(*every))
    _, oracle = _play(Script(7, "key", faults=0.0), *both)
    refused, odd = divmod(oracle.towers["north"].no_rcs, 2)
    assert 0 < refused < 10
    assert odd == 0
    assert oracle.ledger.having == 10
