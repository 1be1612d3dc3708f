"""The change stream (Pub/Sub API) as a gRPC server on loopback: kept for a while, asked for in
portions, strict about the session and about replay ids that are gone."""

import io
import json
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import fastavro
import grpc

from .. import protocol
from ..transport import AGENT_NAME
from .memory import RELAIS, Memory, Row

PORTION = 30
_GONE = "sfdc.platform.eventbus.grpc.subscription.fetch.replayid.validation.failed"
_AUTH = "sfdc.platform.eventbus.grpc.service.auth.error"
_HEADER = {
    "type": "record",
    "name": "ChangeEventHeader",
    "fields": [
        {"name": "entityName", "type": "string"},
        {"name": "recordIds", "type": {"type": "array", "items": "string"}},
        {"name": "changeType", "type": "string"},
        {"name": "changeOrigin", "type": "string"},
        {"name": "commitUser", "type": "string"},
        {"name": "changedFields", "type": {"type": "array", "items": "string"}},
    ],
}
_WATCHED = ("Contact", "Lead", "Opportunity", "Order", "Event", "Visit__c")


@dataclass
class Stream:
    """Events by their place; `first` is the oldest that is still kept."""

    memory: Memory
    accepts: Any
    first: int = 0
    events: list[Any] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    _more: threading.Condition = field(default_factory=threading.Condition)
    _server: Any = None

    def start(self) -> str:
        """Listen on a free port; answers the address."""
        self._server = grpc.server(ThreadPoolExecutor(4))
        port = self._server.add_insecure_port("127.0.0.1:0")
        calls = {
            "Subscribe": grpc.stream_stream_rpc_method_handler(
                self._subscribe,
                protocol.FetchRequest.FromString,
                protocol.FetchResponse.SerializeToString,
            ),
            "GetSchema": grpc.unary_unary_rpc_method_handler(
                self._schema,
                protocol.SchemaRequest.FromString,
                protocol.SchemaInfo.SerializeToString,
            ),
        }
        name = f"{protocol.PACKAGE}.PubSub"
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, calls),))
        self._server.start()
        self.memory.watch = self.publish
        return f"127.0.0.1:{port}"

    def stop(self) -> None:
        """Close the port."""
        self._server.stop(0).wait(5)

    def expire(self) -> None:
        """Three days pass: what was published is no longer kept."""
        with self._more:
            self.first = len(self.events) + 1
            self.events.append(None)

    def publish(self, kind: str, name: str, row: Row, fields: Iterable[str], by: str) -> None:
        """One change of a record."""
        if name not in _WATCHED:
            return
        schema = self.document(name)
        spelt = {*fields, "LastModifiedDate"}
        bits = sum(1 << at for at, one in enumerate(schema["fields"]) if one["name"] in spelt)
        header = {
            "entityName": name,
            "recordIds": [row["Id"]],
            "changeType": kind,
            "changeOrigin": f"com/salesforce/api/rest/64.0;client={AGENT_NAME}"
            if by == RELAIS
            else "",
            "commitUser": by,
            "changedFields": [f"0x{bits:X}"] if kind == "UPDATE" else [],
        }
        told = {one["name"]: None for one in schema["fields"]} | {"ChangeEventHeader": header}
        out = io.BytesIO()
        fastavro.schemaless_writer(out, fastavro.parse_schema(schema), told)
        with self._more:
            made = protocol.ProducerEvent(schema_id=f"schema-{name}", payload=out.getvalue())
            place = len(self.events)
            self.events.append(protocol.ConsumerEvent(event=made, replay_id=_replay(place)))
            self._more.notify_all()

    def document(self, name: str) -> dict[str, Any]:
        """The Avro schema of an object's change events."""
        fields = [n for n in self.memory.things[name].fields if n not in ("Id", "IsDeleted")]
        own = [{"name": one, "type": ["null", "string"], "default": None} for one in fields]
        header = {"name": "ChangeEventHeader", "type": _HEADER}
        return {"type": "record", "name": f"{name}ChangeEvent", "fields": [header, *own]}

    def _schema(self, request: Any, context: Any) -> Any:
        self._admit(context)
        document = self.document(request.schema_id.removeprefix("schema-"))
        return protocol.SchemaInfo(schema_json=json.dumps(document), schema_id=request.schema_id)

    def _subscribe(self, requests: Iterator[Any], context: Any) -> Iterator[Any]:
        self._admit(context)
        first = next(requests)
        at, granted = self._place(first, context), [first.num_requested]
        self.asked.append(first.num_requested)
        grants = threading.Thread(target=self._hear, args=(requests, granted), daemon=True)
        grants.start()
        while context.is_active():
            with self._more:
                found = self.events[at : at + min(PORTION, granted[0])]
                if not found:
                    self._more.wait(0.02)
                    continue
                granted[0] -= len(found)
            at += len(found)
            last = found[-1].replay_id
            yield protocol.FetchResponse(
                events=found, latest_replay_id=last, pending_num_requested=granted[0]
            )

    def _hear(self, requests: Iterator[Any], granted: list[int]) -> None:
        try:
            for request in requests:
                self.asked.append(request.num_requested)
                with self._more:
                    granted[0] += request.num_requested
                    self._more.notify_all()
        except grpc.RpcError:
            return

    def _place(self, first: Any, context: Any) -> int:
        if first.num_requested > 100 or first.topic_name != "/data/ChangeEvents":
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "topic or num_requested is wrong")
        if first.replay_preset != protocol.CUSTOM:
            return len(self.events) if first.replay_preset == protocol.LATEST else self.first
        place = int.from_bytes(first.replay_id, "big") + 1
        if len(first.replay_id) != 8 or place < self.first or place > len(self.events):
            context.set_trailing_metadata((("error-code", _GONE),))
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "The Replay ID validation failed.")
        return place

    def _admit(self, context: Any) -> None:
        given = dict(context.invocation_metadata())
        known = self.accepts(given.get("accesstoken", ""))
        if not (known and given.get("instanceurl") and given.get("tenantid", "")[:3] == "00D"):
            context.set_trailing_metadata((("error-code", _AUTH),))
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "Authentication failed.")


def _replay(place: int) -> bytes:
    return place.to_bytes(8, "big")
