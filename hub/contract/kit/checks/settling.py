"""Settling doubts: what a carrier offers as proof must be one, and must say when it can be had."""

from datetime import UTC, timedelta

from hub.contract.connector import SETTLE
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.carrier_conditions import can_be_asked, has_counted, has_listed
from hub.contract.kit.score import check
from hub.contract.outcomes import Accepted

_AROUND = timedelta(minutes=2)


@check("settle", "It is declared how long a miss is not believed", can_be_asked)
def declared(bench: Bench) -> None:
    """A merchant whose carrier lags more than usual can say so."""
    carrier = bench.connector.carrier
    fields = [field for field in bench.connector.settings if field.name == SETTLE]
    insist(fields, f"A carrier that can be asked declares the setting «{SETTLE}».")
    usual = f"{carrier.settle_after.total_seconds():.0f}" if carrier else ""
    for field in fields:
        insist(field.kind == "number", f"The setting «{SETTLE}» must be a number.")
        same = field.default == usual
        insist(same, f"The default of «{SETTLE}» must be settle_after, {usual} seconds.")


@check("list", "The list of a number shows what was sent to it, at its time", has_listed)
def listed(bench: Bench) -> None:
    """It settles what no look-up by reference can; other numbers' messages are not in it."""
    carrier = bench.connector.carrier
    if carrier is None or carrier.listed is None:
        return
    now, messages = bench.ctx.clock(), bench.simulator.outgoing(2)
    results = carrier.send(bench.ctx, messages)
    for message, result in zip(messages, results, strict=True):
        found = carrier.listed(bench.ctx, message.to, now - _AROUND, now + _AROUND)
        taken = result.carrier_message_id if isinstance(result, Accepted) else ""
        mine = [line for line in found if line.carrier_message_id == taken]
        insist(len(mine) == 1, "listed(phone, …) does not show what was sent to that number.")
        insist(len(found) == 1, "listed(phone, …) shows messages to other numbers.")
        insist(mine[0].at.tzinfo, "A line of the list has a time without a zone.")
        insist(abs(mine[0].at - now) <= _AROUND, "A line of the list has another time.")
    past = carrier.listed(bench.ctx, messages[0].to, now - 4 * _AROUND, now - 3 * _AROUND)
    insist(not past, "listed(phone, since, until) shows what is outside that time.")


@check("counted", "A day's count has what was sent on it", has_counted)
def counted(bench: Bench) -> None:
    """Compared each night with the hub's own."""
    carrier = bench.connector.carrier
    if carrier is None or carrier.counted is None:
        return
    today = bench.ctx.clock().astimezone(UTC).date()
    before = carrier.counted(bench.ctx, today)
    carrier.send(bench.ctx, bench.simulator.outgoing(3))
    after = carrier.counted(bench.ctx, today)
    if before is None or after is None:
        raise AssertionError("counted(day) does not tell.")
    insist(after.messages - before.messages == 3, "counted(day) does not count what was sent.")
