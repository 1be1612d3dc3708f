"""A delivery is known by the vendor's delivery id, which comes round again."""

from hub.contract import Request
from hub.intake import accept
from hub.intake.doors import Door
from hub.local.chaos.mutants.replacing import put


def patch() -> None:
    """The id in the header instead of what the connector says."""
    usual = accept._name

    def name(door: Door, request: Request) -> str:
        return request.header("x-delivery-id") or usual(door, request)

    put(accept, _name=name)
