"""A carrier that takes up to 500 messages in one POST, and sends no receipts."""

from collections.abc import Sequence

from hub.contract import (
    Accepted,
    Account,
    Carrier,
    Connector,
    Context,
    Field,
    Keys,
    Outgoing,
    Rejected,
    Request,
    SendResult,
)
from hub.contract.http import check_status, json_of, session, translated

_SESSION = session()


def _send(ctx: Context, messages: Sequence[Outgoing]) -> Sequence[SendResult]:
    batch = [{"ref": m.reference, "to": m.to.e164, "text": m.text} for m in messages]
    with translated("The carrier"):
        answer = _SESSION.post(f"{ctx.settings['base']}/messages", json=batch, timeout=ctx.deadline)
    check_status("The carrier", answer)
    names: Sequence[str] = json_of("The carrier", answer)
    return [Accepted(name) for name in names]


def _verify(request: Request, secrets: object) -> None:
    raise Rejected("This carrier calls nobody back.")


connector = Connector(
    title="Mast",
    auth=Keys(fields=()),
    check=lambda ctx: Account("a mast on this machine", "mast"),
    settings=(Field("base", "Address", required=True),),
    carrier=Carrier(
        channels=("sms",),
        send=_send,
        batch_size=500,
        verify=_verify,
        dedupe=lambda request: "",
        receipts=lambda request: (),
        replies=lambda request: (),
    ),
)
