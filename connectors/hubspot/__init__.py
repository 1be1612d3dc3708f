"""HubSpot: contacts, deals, carts, orders in; results onto the contact; a workflow action."""

from datetime import timedelta

from hub.contract import Action, Connector, Poll, Question, Target, Webhook

from . import access, actions, enrich, events, fields, poll, signature, subscriptions, write_back

connector = Connector(
    title="HubSpot",
    auth={"oauth": fields.SIGN_IN, "token": fields.TOKEN},
    settings=fields.SETTINGS,
    check=access.check,
    emits=(
        "contact.changed",
        "deal.changed",
        "cart.abandoned",
        "order.created",
        "order.status_changed",
        "workflow.requested",
    ),
    webhook=Webhook(
        verify=signature.verify,
        parse=events.parse,
        dedupe=events.dedupe,
        accounts_of=events.accounts_of,
        subscribe=subscriptions.subscribe,
        unsubscribe=subscriptions.unsubscribe,
        renew_every=timedelta(hours=1),
    ),
    poll=Poll(poll.pull, every=timedelta(minutes=1), rewind=poll.rewind),
    enrich=enrich.enrich,
    target=Target(
        write_back.write,
        subjects=("contact", "deal", "cart", "order"),
        batch_size=100,
        gather=timedelta(seconds=5),
    ),
    actions={
        "send": Action(
            verify=signature.verify_call,
            parse=actions.parse,
            dedupe=actions.dedupe,
            answer=actions.answer,
            complete=actions.complete,
            accounts_of=actions.accounts_of,
        )
    },
    questions={
        "templates": Question(
            verify=signature.verify_call,
            answer=actions.templates,
            accounts_of=actions.accounts_of,
        )
    },
    leaves="The messages on the timelines and the contact properties of the group «Relais» stay in "
    "HubSpot.",
)
