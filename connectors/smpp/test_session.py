"""A session against an operator in every mood: nothing that may have gone out is called unsent."""

import asyncio
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract import Accepted, Refusal, Unknown

from .line.ledger import Ledger
from .line.sender import Sender
from .line.session import Session, bind
from .simulated.operator import HANGING_UP, SILENT, Operator
from .simulator import Simulator
from .wire import pdu

MOODS = st.sampled_from([0, 0, 0, 0x58, 0x14, 0x0B, 0x08, 0x45, 0x401, SILENT, HANGING_UP])
LONG = "é" * 200


async def opened(operator, **more):
    reader, writer = await asyncio.open_connection("127.0.0.1", operator.port)
    await bind(reader, writer, pdu.bind_body("relais", "pw", ""), 5.0)
    given = {"window": asyncio.Semaphore(2), "patience": 0.1, **more}
    return Session(reader, writer, hear, **given)


async def hear(told):
    return 0


async def carried(operator, messages):
    session = await opened(operator)
    sender, running = Sender(Ledger(), session=session), asyncio.create_task(session.run())
    results = await sender.carry(messages, 1.0)
    session.drop()
    await running
    return results


@settings(max_examples=30)
@given(moods=st.lists(MOODS, max_size=7), long=st.lists(st.booleans(), min_size=1, max_size=4))
def test_what_the_operator_may_have_taken_is_never_called_unsent(moods, long):
    operator = Operator()
    operator.script.extend(moods)
    operator.start()
    texts = [LONG if one else "short" for one in long]
    messages = [
        replace(message, text=text)
        for message, text in zip(Simulator().outgoing(len(texts)), texts, strict=True)
    ]
    try:
        results = asyncio.run(carried(operator, messages))
    finally:
        operator.stop()
    taken = Counter(part.destination for part in operator.taken)
    for message, result in zip(messages, results, strict=True):
        parts = taken[message.to.e164[1:]]
        whole = 2 if message.text == LONG else 1
        assert parts <= whole
        assert not (isinstance(result, Refusal) and parts)
        assert isinstance(result, Unknown) or (parts == whole) == isinstance(result, Accepted)


def test_operator_that_is_no_longer_there_is_noticed(operator):
    async def wait():
        session = await opened(operator, patience=0.2, echo_every=0.02)
        running = asyncio.create_task(session.run())
        while operator.echoes < 2:
            await asyncio.sleep(0.01)
        operator.deaf = True
        await asyncio.wait_for(running, 5)

    asyncio.run(wait())


def test_window_bounds_what_waits_for_an_answer(operator):
    operator.script.extend([SILENT] * 4)

    async def wait():
        session = await opened(operator, patience=5.0)
        sender, running = Sender(Ledger(), session=session), asyncio.create_task(session.run())
        results = await sender.carry(Simulator().outgoing(4), 0.1)
        session.drop()
        await running
        return results

    results = asyncio.run(wait())
    assert len(operator.heard) == 2
    assert Counter(map(type, results)) == {Unknown: 2, Refusal: 2}
    assert all(not one.permanent for one in results if isinstance(one, Refusal))
