"""A connector for the tests of the kit alone: it can do all that the two shipped first cannot."""

from datetime import timedelta

from hub.contract import (
    Action,
    Audience,
    Connector,
    Exchange,
    Field,
    OAuth2,
    Poll,
    Question,
    Target,
    Webhook,
)

from . import client, events, write_back

connector = Connector(
    title="Choir",
    auth={
        "oauth": OAuth2(
            authorize_url=lambda settings: settings["url"] + "/authorize",
            token_url=lambda settings: settings["url"] + "/token",
            scopes=("singers", "notes"),
        ),
        "app": Exchange(
            fields=(
                Field("client_id", "Client ID", required=True),
                Field("client_secret", "Client secret", "secret", required=True),
            ),
            token_url=lambda settings: settings["url"] + "/token",
            form=client.form,
        ),
    },
    check=client.check,
    settings=(
        Field("url", "Address", "url", default="https://api.example.com", advanced=True),
        Field("voice", "Voice", "choice", live=True),
    ),
    emits=("contact.changed", "workflow.requested"),
    webhook=Webhook(
        verify=events.verify,
        parse=events.parse,
        dedupe=events.dedupe,
        subscribe=client.subscribe,
        unsubscribe=client.unsubscribe,
    ),
    poll=Poll(client.pull, every=timedelta(minutes=5)),
    enrich=client.enrich,
    target=Target(write_back.write, subjects=("contact",), batch_size=100),
    audience=Audience(client.lists, client.people),
    actions={
        "sing": Action(
            verify=events.verify,
            parse=events.asked,
            dedupe=events.dedupe,
            answer=events.answer,
            complete=write_back.complete,
        )
    },
    questions={"templates": Question(events.verify, events.templates)},
    options=client.options,
    preview=client.preview,
)
