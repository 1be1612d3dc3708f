"""The broker as nudges need it: what is taken is taken, what is lost is lost, and one that was away
is found again at once. The rows say what is left to do."""

from typing import Any

from kombu.connection import Connection
from kombu.transport.virtual import Channel

OPTIONS = {
    "queue_order_strategy": "priority",
    # An acknowledgement that Redis does not hear would stay owed for ever, and a worker that owes
    # as many as it has threads asks for no more.
    "ack_emulation": False,
    "max_retries": 0,  # whoever nudges does not wait for a broker
    "socket_timeout": 5.0,
    "socket_connect_timeout": 1.0,
}
# kombu's own pauses grow to half a minute, in which a broker that is back waits for its workers.
_PAUSES = {"interval_start": 0.2, "interval_step": 0.2, "interval_max": 1.0}


class Broker(Connection):
    """A connection of that kind."""

    def ensure_connection(self, *args: Any, **options: Any) -> Connection:
        """Look for it until it is there."""
        found: Connection = super().ensure_connection(*args, **_PAUSES | options)  # type: ignore[no-untyped-call]
        return found

    def channel(self) -> Channel:
        """Nothing is put back at the end: whether it was done, nobody can say then."""
        made: Channel = super().channel()  # type: ignore[no-untyped-call]
        made.do_restore = False
        return made
