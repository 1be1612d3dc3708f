"""No secret and no whole phone number in any log line or error, at any level, of any library."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from hub.contract import Ignored, Pull
from hub.contract.errors import ConnectorError
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.calls import calls, send
from hub.contract.kit.doors import stamped
from hub.contract.kit.reading import drain, start
from hub.contract.kit.score import check

_FAULTS = ("", "401", "429", "500", "lost", "garbage")
_SHORTEST_SECRET = 6
_SHORTEST_PHONE = 7


@check("quiet-logs", "No log line and no error holds a secret or a whole phone number")
def quiet(bench: Bench) -> None:
    """Every call, with and without faults, heard at DEBUG: the HTTP library's lines too."""
    kept = _kept(bench)
    with _heard() as lines:
        said = [*_exercise(bench), *_read(bench)]
    for line in (*lines, *said):
        for what, text in kept.items():
            leak = text in line
            insist(not leak, f"A {what.split(':')[0]} stands in: {_blurred(line, kept)[:160]}")


def _exercise(bench: Bench) -> Iterator[str]:
    made = calls(bench)
    if bench.connector.carrier:
        made["send"] = lambda ctx: send(bench, ctx)
    for call in made.values():
        for kind in _FAULTS:
            if kind:
                bench.simulator.faults.plan(kind, times=100)
            try:
                call(bench.ctx)
            except ConnectorError as error:
                yield str(error)
            finally:
                bench.simulator.faults.clear()


def _read(bench: Bench) -> Iterator[str]:
    for door, arrived in bench.genuine() if bench.doors() else ():
        request = stamped(arrived)
        for secrets in (bench.secrets, dict.fromkeys(bench.secrets, "another")):
            try:
                door.verify(request, secrets)
                door.read(request)
                door.dedupe(request)
            except ConnectorError as error:
                yield str(error)


def _kept(bench: Bench) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in bench.secrets.items():
        if len(value) >= _SHORTEST_SECRET:
            found |= {f"secret:{name}": value, f"secret:{name} quoted": quote(value, safe="")}
    for phone in _phones(bench):
        digits = re.sub(r"\D", "", phone)
        if len(digits) >= _SHORTEST_PHONE:
            found |= {f"phone:{phone}": phone, f"phone:{digits}": digits}
    return found


def _phones(bench: Bench) -> Iterator[str]:
    if bench.connector.carrier:
        yield from (message.to.e164 for message in bench.simulator.outgoing(3))
    for door, request in bench.genuine() if bench.doors() else ():
        read = door.read(request)
        if door.name == "carrier":
            yield from (reply.sender for reply in read[1])
        elif not isinstance(read, Ignored | Pull):
            yield from (event.person.phone for event in read)
    if bench.connector.poll:
        began = start(bench)
        bench.simulator.change(3)
        yield from (event.person.phone for event in drain(bench, began)[0])


def _blurred(line: str, kept: dict[str, str]) -> str:
    for text in kept.values():
        line = line.replace(text, "…")
    return line


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self._formatter = logging.Formatter("%(name)s %(message)s")

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self._formatter.format(record))
        self.lines.append(repr(vars(record)))


@contextmanager
def _heard() -> Iterator[list[str]]:
    root, collector = logging.getLogger(), _Collector()
    level = root.level
    root.addHandler(collector)
    root.setLevel(logging.DEBUG)
    try:
        yield collector.lines
    finally:
        root.removeHandler(collector)
        root.setLevel(level)
