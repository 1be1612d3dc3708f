"""What can be pressed in the sandbox is called, and what is said afterwards."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext, lazy_gettext


class Button(NamedTuple):
    """What it says, and its drawing."""

    words: Any
    icon: str


SYSTEMS: Mapping[str, Button] = {
    "shop": Button(lazy_gettext("Shop"), "building-store"),
    "crm": Button(lazy_gettext("CRM"), "users"),
    "sales": Button(lazy_gettext("Sales"), "chart-line"),
    "calendar": Button(lazy_gettext("Calendar"), "calendar"),
    "sheet": Button(lazy_gettext("Sheet"), "database"),
}
ACTS: Mapping[str, Button] = {
    "abandon": Button(lazy_gettext("Leave a cart"), "shopping-cart"),
    "order": Button(lazy_gettext("Place an order"), "receipt"),
    "complete": Button(lazy_gettext("Ship the order"), "truck"),
    "refund": Button(lazy_gettext("Refund 5 €"), "credit-card"),
    "crm_win": Button(lazy_gettext("Win a deal"), "check"),
    "crm_enrol": Button(lazy_gettext("Reach a workflow step"), "route"),
    "crm_tick": Button(lazy_gettext("Tick the SMS box"), "user-check"),
    "crm_untick": Button(lazy_gettext("Untick the SMS box"), "hand-stop"),
    "sales_win": Button(lazy_gettext("Win an opportunity"), "check"),
    "sales_flow": Button(lazy_gettext("Run a Flow"), "route"),
    "sales_flip": Button(lazy_gettext("Flip the opt-out"), "hand-stop"),
    "cal_book": Button(lazy_gettext("Book for in two days"), "calendar-event"),
    "cal_move": Button(lazy_gettext("Move it a day later"), "arrow-right"),
    "cal_cancel": Button(lazy_gettext("Cancel the booking"), "calendar-x"),
    "sheet_add": Button(lazy_gettext("Add a row"), "plus"),
    "sheet_change": Button(lazy_gettext("Change the row's status"), "edit"),
}
ANSWERS = ("YES", "NO", "STOP", "START")
LUCK: Mapping[str, Button] = {
    "lose_answer": Button(lazy_gettext("Lose the carrier's next answer"), "unlink"),
    "twice": Button(lazy_gettext("Tell every receipt twice"), "copy"),
    "lose_delivery": Button(lazy_gettext("Lose the shop's next delivery"), "message-off"),
    "down": Button(lazy_gettext("Carrier down for a minute"), "player-pause"),
    "throttle": Button(lazy_gettext("Carrier says «too fast»"), "hand-stop"),
    "token": Button(lazy_gettext("Take the CRM's token away"), "lock"),
    "well": Button(lazy_gettext("Make everything well again"), "heart"),
}
STANDS: Mapping[str, Any] = {
    "twice": lazy_gettext("Every receipt is told twice."),
    "down": lazy_gettext("The carrier answers nobody."),
    "token": lazy_gettext("The CRM's token is gone: the hub asks to sign in again."),
}
CLOCK: Mapping[str, Any] = {
    "45m": lazy_gettext("Let 45 minutes pass"),
    "3h": lazy_gettext("Let 3 hours pass"),
    "evening": lazy_gettext("Go to 22:30"),
    "morning": lazy_gettext("Go to tomorrow, 09:00"),
}
BLOCKS: Mapping[str, Any] = {
    "block_order": lazy_gettext("Order"),
    "block_notes": lazy_gettext("Notes, newest first"),
    "block_workflow": lazy_gettext("The workflow's step"),
    "block_deal": lazy_gettext("The deal"),
    "block_timeline": lazy_gettext("Timeline, newest first"),
    "block_properties": lazy_gettext("Fields of Relais"),
    "block_flow": lazy_gettext("The Flow's records"),
    "block_tasks": lazy_gettext("Tasks, newest first"),
    "block_fields": lazy_gettext("Fields of Relais"),
    "block_event": lazy_gettext("The event"),
    "block_private": lazy_gettext("Fields of Relais"),
    "block_sheet": lazy_gettext("The last rows"),
}


def said(code: str, name: str) -> str:
    """What is said after a button was pressed for somebody."""
    return str(_sentence(code, name))


def _sentence(code: str, name: str) -> Any:
    match code:
        case "done":
            return gettext("Done. Watch the phone and the road.")
        case "no_order":
            return gettext("%(name)s has no order yet. Place one first.", name=name)
        case "no_booking":
            return gettext("%(name)s has no booking yet. Book first.", name=name)
        case "no_row":
            return gettext("%(name)s has no row yet. Add one first.", name=name)
        case "no_message":
            return gettext("Nothing has reached %(name)s's phone yet: there is nothing to answer.",
                           name=name)  # fmt: skip
        case _:
            return gettext("This system is not connected yet. Connect it first.")
