"""The few messages of the Pub/Sub API that are used here, by their public field numbers.

Built while running, so that no generated file and no compiler is needed.
"""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "eventbus.v1"
SUBSCRIBE = f"/{PACKAGE}.PubSub/Subscribe"
GET_SCHEMA = f"/{PACKAGE}.PubSub/GetSchema"
LATEST, EARLIEST, CUSTOM = 0, 1, 2

_KINDS = descriptor_pb2.FieldDescriptorProto
_TEXT, _BYTES, _INT = _KINDS.TYPE_STRING, _KINDS.TYPE_BYTES, _KINDS.TYPE_INT32

# An enumeration of proto3 travels as a number, so replay_preset can be one.
_MESSAGES: dict[str, dict[str, tuple[int, Any]]] = {
    "ProducerEvent": {"id": (1, _TEXT), "schema_id": (2, _TEXT), "payload": (3, _BYTES)},
    "ConsumerEvent": {"event": (1, "ProducerEvent"), "replay_id": (2, _BYTES)},
    "FetchRequest": {
        "topic_name": (1, _TEXT),
        "replay_preset": (2, _INT),
        "replay_id": (3, _BYTES),
        "num_requested": (4, _INT),
    },
    "FetchResponse": {
        "events": (1, "*ConsumerEvent"),
        "latest_replay_id": (2, _BYTES),
        "rpc_id": (3, _TEXT),
        "pending_num_requested": (4, _INT),
    },
    "SchemaRequest": {"schema_id": (1, _TEXT)},
    "SchemaInfo": {"schema_json": (1, _TEXT), "schema_id": (2, _TEXT), "rpc_id": (3, _TEXT)},
}


def _build() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(
        name="relais_pubsub.proto", package=PACKAGE, syntax="proto3"
    )
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            _add(message, field, number, kind)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = {name: pool.FindMessageTypeByName(f"{PACKAGE}.{name}") for name in _MESSAGES}
    return {name: message_factory.GetMessageClass(one) for name, one in found.items()}


def _add(message: Any, name: str, number: int, kind: Any) -> None:
    is_message = isinstance(kind, str)
    many = is_message and kind.startswith("*")
    field = message.field.add(
        name=name,
        number=number,
        label=_KINDS.LABEL_REPEATED if many else _KINDS.LABEL_OPTIONAL,
        type=_KINDS.TYPE_MESSAGE if is_message else kind,
    )
    if is_message:
        field.type_name = f".{PACKAGE}.{kind.lstrip('*')}"


_classes = _build()
FetchRequest, FetchResponse = _classes["FetchRequest"], _classes["FetchResponse"]
ConsumerEvent, ProducerEvent = _classes["ConsumerEvent"], _classes["ProducerEvent"]
SchemaRequest, SchemaInfo = _classes["SchemaRequest"], _classes["SchemaInfo"]
