"""Google Sheets: rows in, results onto the same row wherever it was sorted to; people for lists."""

from datetime import timedelta

from hub.contract import Audience, Connector, Poll, Target

from . import account, audience, poll, preview, rows, signing, write_back
from .fields import SETTINGS

connector = Connector(
    title="Google Sheets",
    auth={"service_account": signing.SERVICE_ACCOUNT, "oauth": signing.SIGN_IN},
    settings=SETTINGS,
    check=account.check,
    emits=("row.added", "row.changed", "contact.changed"),
    poll=Poll(poll.pull, every=timedelta(minutes=1), parse=rows.parse, dedupe=rows.dedupe),
    target=Target(
        write_back.write, subjects=("row",), batch_size=200, gather=timedelta(seconds=10)
    ),
    audience=Audience(audience.lists, audience.people),
    options=preview.options,
    preview=preview.preview,
    leaves="The columns that Relais added (id, status, at, reply, note, consent, log) and the "
    "worksheet «Relais opt-outs» stay in the spreadsheet; delete them when you like.",
)
