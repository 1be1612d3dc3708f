"""One recorded delivery, read as the hub would read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.contract import Connector, Ignored, Parsed, Pull, Request
from hub.contract.errors import ConnectorError
from hub.contract.kit.bench import Door, defaults, doors
from hub.contract.kit.documents import document_of
from hub.contract.kit.recordings import NotARecording, Recording, read_recording


class Unreadable(Exception):
    """The delivery gives no events; the argument says why, in a sentence."""


@dataclass(frozen=True)
class Trial:
    """What a delivery means: its documents, and a note where there is something to add."""

    documents: Sequence[Any] = ()
    note: str = ""


def typed(settings: Sequence[str]) -> dict[str, str]:
    """Settings given as NAME=VALUE. Raises Unreadable for one that is not."""
    wrong = next((text for text in settings if "=" not in text), None)
    if wrong is not None:
        raise Unreadable(f"«{wrong}» is no setting; write it as NAME=VALUE.")
    return {name: value for name, _, value in (text.partition("=") for text in settings)}


def read(connector: Connector, path: Path, settings: Mapping[str, str]) -> Trial:
    """Verify and read the delivery in a file. Raises Unreadable with the reason."""
    try:
        recording = _dated(read_recording(path), path)
    except NotARecording as error:
        raise Unreadable(str(error)) from None
    greet = connector.webhook.greet if connector.webhook else None
    answer = greet(recording.request, recording.secrets) if greet else None
    if answer:
        return Trial(note=f"This is a handshake, no event: the hub answers it {answer.status}.")
    given = defaults(connector) | dict(recording.settings) | dict(settings)
    polled = recording.polled or connector.webhook is None
    if polled and connector.poll and connector.parse:
        try:
            return _polled(connector.parse(recording.request, given))
        except ValueError as error:
            raise Unreadable(str(error)) from None
    return _through(doors(connector, given), recording)


def _polled(parsed: Parsed) -> Trial:
    """A record as the hub reads it from the vendor: nobody signs it, so nothing is verified."""
    if isinstance(parsed, Ignored):
        return Trial(note=f"Ignored: {parsed.reason}")
    if isinstance(parsed, Pull):
        return Trial(note="This is a doorbell without data: the hub would poll now.")
    return Trial(document_of(parsed), "A polled record: the hub reads it itself, nobody signs it.")


def _through(found: Sequence[Door], recording: Recording) -> Trial:
    reason = "This connector receives nothing: it has no webhook and carries no messages."
    for door in found:
        try:
            door.verify(recording.request, recording.secrets)
            return _told(door, recording.request)
        except ConnectorError as error:
            reason = error.words
        except ValueError as error:
            reason = str(error)
        except Exception as error:  # a fault of the connector is told in words too
            kind = f"{type(error).__name__}: {error!s:.120}"
            reason = f"The connector failed on this delivery ({kind}). Mend its {door.name}."
    raise Unreadable(reason)


def _told(door: Door, request: Request) -> Trial:
    read = door.read(request)
    if isinstance(read, Ignored):
        return Trial(note=f"Ignored: {read.reason}")
    if isinstance(read, Pull):
        return Trial(note="This is a doorbell without data: the hub would poll now.")
    if door.name == "carrier":
        receipts, replies = read
        told = [{"receipt": document_of(r)} for r in receipts]
        return Trial([*told, *({"reply": document_of(r)} for r in replies)])
    return Trial(document_of(read))


def _dated(recording: Recording, path: Path) -> Recording:
    # The hub notes when a request came; a recording came when its file was written.
    came = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    headers = {"x-relais-received-at": came, **recording.request.headers}
    return replace(recording, request=replace(recording.request, headers=headers))
