"""Salesforce: people, deals, orders and meetings in, Tasks and opt-outs back, a step for Flow."""

from datetime import timedelta

from hub.contract import Action, Connector, Poll, Question, Target, Webhook

from . import access, account, enrichment, events, flow, openapi, poll, write_back
from .preview import preview
from .settings import SETTINGS

connector = Connector(
    title="Salesforce",
    auth=access.WAYS,
    settings=SETTINGS,
    check=account.check,
    emits=(
        "contact.changed",
        "deal.changed",
        "order.created",
        "order.status_changed",
        "booking.created",
        "booking.changed",
        "booking.cancelled",
        "record.changed",
        "workflow.requested",
    ),
    webhook=Webhook(
        verify=events.verify,
        parse=events.parse,
        dedupe=events.dedupe,
        answer=events.answer,
    ),
    poll=Poll(poll.pull, every=timedelta(minutes=2), rewind=poll.rewind),
    enrich=enrichment.enrich,
    target=Target(
        write_back.write,
        subjects=("contact", "lead", "deal", "order", "booking", "record", "workflow"),
        batch_size=200,
        gather=timedelta(seconds=5),
    ),
    actions={
        "send": Action(
            verify=flow.verify,
            parse=flow.parse,
            dedupe=flow.dedupe,
            answer=flow.answer,
            batch_size=200,
        )
    },
    questions={
        "openapi.json": Question(verify=openapi.verify, answer=openapi.answer),
        "results": Question(verify=flow.verify, answer=flow.results),
    },
    preview=preview,
    leaves=(
        "The Tasks, the fields that Relais wrote and the Outbound Messages stay in Salesforce:"
        " only its own admin can remove them."
    ),
)
