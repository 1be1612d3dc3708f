"""The shop's side of the page: the notes that the hub put on the person's last order."""

from hub.local.demo.neighbours import Shop
from hub.local.demo.people import Resident
from hub.local.demo.systems.shapes import Block, Record


def shown(shop: Shop, orders: dict[str, int], person: Resident) -> Record:
    """The last order's status and notes, newest first."""
    order_id = orders.get(person.slug)
    if order_id is None:
        return Record("")
    status = str(shop.memory.orders[order_id].get("status", ""))
    return Record(
        f"#{order_id}",
        (
            Block("block_order", facts=(("status", status),)),
            Block("block_notes", lines=tuple(reversed(shop.notes(order_id)))),
        ),
    )
