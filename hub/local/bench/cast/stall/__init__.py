"""A shop that signs one order per POST, and takes what became of its messages 500 at a time."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.contract import (
    Account,
    Connector,
    Context,
    Event,
    Field,
    Keys,
    Outcome,
    Person,
    Rejected,
    Request,
    Target,
    Webhook,
    Written,
)
from hub.contract.http import check_status, session, translated

_SESSION = session()


def _verify(request: Request, secrets: Mapping[str, str]) -> None:
    own = hmac.digest(secrets["webhook_secret"].encode(), request.body, hashlib.sha256)
    if not hmac.compare_digest(base64.b64encode(own).decode(), request.header("x-signature")):
        raise Rejected("The signature is not ours.")


def _parse(request: Request, settings: Mapping[str, str]) -> Sequence[Event]:
    order = json.loads(request.body)
    buyer, total, currency = order["billing"], order["total"], order["currency"]
    goods = [
        {
            "name": line["name"],
            "quantity": line["quantity"],
            "total": {"amount": line["total"], "currency": currency},
            "image": line["image"]["src"],
            "url": line["permalink"],
        }
        for line in order["line_items"]
    ]
    data = {
        "order_id": order["id"],
        "order_number": order["number"],
        "order_total": {"amount": total, "currency": currency},
        "status": order["status"],
        "items": goods,
        "item_count": len(goods),
        "first_item": goods[0]["name"],
    }
    person = Person(
        phone=buyer["phone"],
        country=buyer["country"],
        first_name=buyer["first_name"],
        last_name=buyer["last_name"],
        email=buyer["email"],
    )
    subject = f"order:{order['id']}"
    made = datetime.fromisoformat(order["date_created"])
    return [Event("order.created", f"{subject}:created", subject, made, person, data)]


def _dedupe(request: Request) -> str:
    return request.header("x-order")


def _write(ctx: Context, outcomes: Sequence[Outcome]) -> Sequence[Written]:
    notes = [
        {"marker": one.marker, "subject": one.subject, "kind": one.kind, "text": one.sentence}
        for one in outcomes
    ]
    with translated("The shop"):
        answer = _SESSION.post(f"{ctx.settings['base']}/notes", json=notes, timeout=ctx.deadline)
    check_status("The shop", answer)
    return [Written(f"note:{one.marker}") for one in outcomes]


connector = Connector(
    title="Stall",
    auth=Keys(fields=()),
    check=lambda ctx: Account("a stall on this machine", "stall"),
    settings=(Field("base", "Address", required=True),),
    emits=("order.created",),
    webhook=Webhook(_verify, _parse, _dedupe),
    target=Target(_write, ("order",), batch_size=500),
)
