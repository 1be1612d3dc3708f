"""Google RCS Business Messaging: RCS straight through Google, without an aggregator between."""

from datetime import timedelta

from hub.contract import Carrier, Connector

from . import account, fields, reaching, receipts, sending, signing

connector = Connector(
    title="Google RCS Business Messaging",
    auth=signing.SERVICE_ACCOUNT,
    settings=fields.SETTINGS,
    check=account.check,
    carrier=Carrier(
        channels=("rcs",),
        send=sending.send,
        batch_size=sending.BATCH_SIZE,
        verify=receipts.verify,
        dedupe=receipts.dedupe,
        receipts=receipts.receipts,
        replies=receipts.replies,
        greet=receipts.greet,
        agent=account.agent,
        reach=reaching.reach,
        revoke=account.revoke,
        # Google ignores an id it has seen from this agent and says of no end to that. A message
        # is kept for 30 days at most; an hour is far inside whatever its memory is.
        replay_within=timedelta(hours=1),
    ),
    leaves="The webhook that you set for the agent stays at Google; delete it in the console.",
)
