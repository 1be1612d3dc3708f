"""Change events over gRPC (the Pub/Sub API): a subscription is drained for a moment and left.

Needs the extra `pubsub`; whoever imports this module must expect it to be missing.
"""

import io
import json
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import fastavro
import grpc

from hub.contract import AuthLost, Throttled
from hub.contract.outbound import judged

from . import protocol

TOPIC = "/data/ChangeEvents"
ASKED = 100  # more are not given at once
_LARGEST = 8 * 1024 * 1024


class Lost(Exception):
    """The stream cannot be gone on with from here; the argument says why, in a sentence."""


@dataclass(frozen=True)
class Change:
    """One change event: `fields` that changed, by name; empty where all may have."""

    table: str
    ids: tuple[str, ...]
    kind: str
    origin: str
    replay: bytes
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Door:
    """Where and as whom to subscribe; `plain` for a simulator without TLS."""

    address: str
    token: str
    instance: str
    tenant: str
    plain: bool = False

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What proves who asks, on each call."""
        return (
            ("accesstoken", self.token),
            ("instanceurl", self.instance),
            ("tenantid", self.tenant),
        )

    def channel(self) -> Any:
        """A connection for one reading. Raises Unavailable where it may not lead there."""
        host, _, port = self.address.rpartition(":")
        judged(host, int(port), plain=self.plain)
        options = [("grpc.max_receive_message_length", _LARGEST)]
        if self.plain:
            return grpc.insecure_channel(self.address, options)
        return grpc.secure_channel(self.address, grpc.ssl_channel_credentials(), options)


@dataclass
class Drained:
    """What came, and the replay id to go on from; `full` where there may be more."""

    changes: list[Change] = field(default_factory=list)
    replay: bytes = b""
    full: bool = False


def drain(door: Door, replay: bytes, most: int, seconds: float) -> Drained:
    """Read changes after a replay id, or from now, until they stop, `most` came or time is up.

    Raises Lost where the stream cannot go on from there, AuthLost, Throttled.
    """
    found = Drained(replay=replay)
    with door.channel() as channel:
        try:
            _read(channel, door, found, most, seconds)
        except grpc.RpcError as error:
            _judge(error)
    return found


def _read(channel: Any, door: Door, found: Drained, most: int, seconds: float) -> None:
    subscribe = channel.stream_stream(
        protocol.SUBSCRIBE,
        request_serializer=protocol.FetchRequest.SerializeToString,
        response_deserializer=protocol.FetchResponse.FromString,
    )
    asks = _Asks(found.replay)
    call = subscribe(iter(asks), metadata=door.metadata, timeout=seconds)
    try:
        for answer in call:
            for event in answer.events:
                found.changes += _change(channel, door, event)
                found.replay = event.replay_id
            if not answer.events and answer.latest_replay_id:
                found.replay = answer.latest_replay_id  # a sign of life, with where the tip is
            if len(found.changes) >= most:
                found.full = True
                break
            if answer.pending_num_requested == 0:
                asks.more()
    finally:
        asks.stop()
        call.cancel()


class _Asks:
    """Requests of one subscription: the first says from where, each grants a hundred more."""

    def __init__(self, replay: bytes) -> None:
        preset = protocol.CUSTOM if replay else protocol.LATEST
        self._queue: queue.Queue[Any] = queue.Queue()
        self._done = threading.Event()
        self._queue.put(
            protocol.FetchRequest(
                topic_name=TOPIC, replay_preset=preset, replay_id=replay, num_requested=ASKED
            )
        )

    def more(self) -> None:
        """Grant another hundred."""
        self._queue.put(protocol.FetchRequest(topic_name=TOPIC, num_requested=ASKED))

    def stop(self) -> None:
        """No more will be asked."""
        self._queue.put(None)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._queue.get, None)


def _change(channel: Any, door: Door, event: Any) -> list[Change]:
    schema = _schema(channel, door, event.event.schema_id)
    found = fastavro.schemaless_reader(io.BytesIO(event.event.payload), schema.parsed, None)
    header = found.get("ChangeEventHeader") if isinstance(found, Mapping) else None
    if not isinstance(header, Mapping):
        return []
    changed = header.get("changedFields") or ()
    return [
        Change(
            table=str(header.get("entityName", "")),
            ids=tuple(str(one) for one in header.get("recordIds") or ()),
            kind=str(header.get("changeType", "")),
            origin=str(header.get("changeOrigin", "")),
            replay=event.replay_id,
            fields=changed_fields(changed, schema.document),
        )
    ]


def changed_fields(bitmaps: Sequence[str], schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the fields whose bits are set: "0x12" for the record's own, "7-0x3" for those
    inside field 7. The lowest bit is the first field of the schema."""
    names: list[str] = []
    for bitmap in bitmaps:
        place, _, inner = bitmap.rpartition("-")
        fields = schema["fields"]
        within = fields[int(place)] if place else None
        listed = _inner(within) if within else fields
        head = f"{within['name']}." if within else ""
        bits = int(inner, 16)
        names += [f"{head}{one['name']}" for at, one in enumerate(listed) if bits >> at & 1]
    return tuple(names)


def _inner(field_of: Mapping[str, Any]) -> list[Any]:
    kinds = field_of["type"] if isinstance(field_of["type"], list) else [field_of["type"]]
    record = next((k for k in kinds if isinstance(k, Mapping) and "fields" in k), None)
    return list(record["fields"]) if record else []


@dataclass(frozen=True)
class _Schema:
    document: Mapping[str, Any]
    parsed: Any


_schemas: dict[str, _Schema] = {}  # a schema's id names its content: it never changes


def _schema(channel: Any, door: Door, number: str) -> _Schema:
    if number not in _schemas:
        ask = channel.unary_unary(
            protocol.GET_SCHEMA,
            request_serializer=protocol.SchemaRequest.SerializeToString,
            response_deserializer=protocol.SchemaInfo.FromString,
        )
        told = ask(protocol.SchemaRequest(schema_id=number), metadata=door.metadata, timeout=5.0)
        document = json.loads(told.schema_json)
        _schemas[number] = _Schema(document, fastavro.parse_schema(json.loads(told.schema_json)))
    return _schemas[number]


def _judge(error: Any) -> None:
    """Time that is up is no error; the rest is one of the hub's, or a stream that is lost."""
    code = error.code()
    told = " ".join(str(value) for _, value in error.trailing_metadata() or ())
    if code in (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED):
        return
    if code is grpc.StatusCode.UNAUTHENTICATED:
        raise AuthLost("Salesforce's change stream does not accept the session. Sign in again.")
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED:
        raise Throttled("Salesforce's change stream has used up its day's events.", 900.0)
    if "replayid" in f"{told} {error.details()}".replace("_", "").lower():
        raise Lost("The place in the change stream has expired; it is kept for three days.")
    raise Lost(f"The change stream does not answer ({code.name.lower().replace('_', ' ')}).")
