"""What was done and who did it, in words."""

from typing import Any

import orjson
from flask_babel import gettext, lazy_gettext

from hub.store.database import Row

# What a change is about: its name, and the first words that its lines have.
NOUNS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "team": (lazy_gettext("Team"), ("team", "account", "session")),
    "keys": (lazy_gettext("Keys"), ("keys", "key")),
    "webhooks": (lazy_gettext("Webhooks"), ("webhook", "webhooks", "deliveries")),
    "connections": (lazy_gettext("Connections"), ("connections", "connection", "app")),
    "automations": (lazy_gettext("Automations"), ("automations", "automation")),
    "templates": (lazy_gettext("Templates"), ("templates", "template", "gallery")),
    "people": (lazy_gettext("People"), ("people", "person", "consent", "import")),
    "messages": (
        lazy_gettext("Messages"),
        ("messages", "message", "uncertain", "campaign", "inbox", "intake"),
    ),
    "settings": (
        lazy_gettext("Settings"),
        ("workspace", "rules", "routing", "prices", "spending", "settings", "hub"),
    ),
}
DONE: dict[str, Any] = {
    "team.invited": lazy_gettext("Invited somebody"),
    "team.joined": lazy_gettext("Joined the team"),
    "team.changed": lazy_gettext("Changed a role"),
    "team.left": lazy_gettext("Took somebody out of the team"),
    "workspace.opened": lazy_gettext("Opened the workspace"),
    "workspace.new": lazy_gettext("Made the workspace"),
    "workspace.key": lazy_gettext("Made a key"),
    "workspace.revoke": lazy_gettext("Ended a key"),
    "workspace.mode": lazy_gettext("Changed who may be sent to"),
    "workspace.pause": lazy_gettext("Stopped sending"),
    "workspace.resume": lazy_gettext("Started sending again"),
    "workspace_put": lazy_gettext("Changed the workspace"),
    "hub.first_owner": lazy_gettext("Made the first account"),
    "account.add": lazy_gettext("Added an account"),
    "hub.restored": lazy_gettext("Restored the hub from a backup"),
    "account.password_changed": lazy_gettext("Changed the password"),
    "account.second_factor_on": lazy_gettext("Turned the second factor on"),
    "account.second_factor_off": lazy_gettext("Turned the second factor off"),
    "account.recovery_renewed": lazy_gettext("Made new recovery codes"),
    "session.begun": lazy_gettext("Signed in"),
    "workspace.changed": lazy_gettext("Changed the workspace"),
    "workspace.live": lazy_gettext("Went live: everybody may be sent to"),
    "workspace.testing": lazy_gettext("Went back to test numbers only"),
    "workspace.testers": lazy_gettext("Changed the test numbers"),
    "webhook.added": lazy_gettext("Added a webhook"),
    "webhook.changed": lazy_gettext("Changed a webhook"),
    "webhook.paused": lazy_gettext("Paused a webhook"),
    "webhook.switched_on": lazy_gettext("Switched a webhook on"),
    "webhook.switched_off": lazy_gettext("Switched a webhook off that took nothing"),
    "webhook.secret_replaced": lazy_gettext("Replaced the secret of a webhook"),
    "webhook.removed": lazy_gettext("Removed a webhook"),
    "webhook.sent_again": lazy_gettext("Sent deliveries again"),
    "webhooks_add": lazy_gettext("Added a webhook"),
    "webhooks_change": lazy_gettext("Changed a webhook"),
    "webhooks_remove": lazy_gettext("Removed a webhook"),
    "webhooks_rotate": lazy_gettext("Replaced the secret of a webhook"),
    "webhooks_test": lazy_gettext("Tested a webhook"),
    "deliveries_resend": lazy_gettext("Sent a delivery again"),
    "deliveries_resend_failed": lazy_gettext("Sent deliveries again"),
    "connections_add": lazy_gettext("Installed a connection"),
    "connections_reconnect": lazy_gettext("Reconnected a connection"),
    "connections_fill_in": lazy_gettext("Changed the settings of a connection"),
    "connections_check": lazy_gettext("Checked a connection"),
    "connections_options": lazy_gettext("Changed the settings of a connection"),
    "connections_preview": lazy_gettext("Looked at records of a connection"),
    "connections_remove": lazy_gettext("Removed a connection"),
    "connections_address": lazy_gettext("Looked at the address of a connection"),
    "connection.added": lazy_gettext("Installed a connection"),
    "connection.reconnected": lazy_gettext("Reconnected a connection"),
    "connection.removed": lazy_gettext("Removed a connection"),
    "connection.resync": lazy_gettext("Had a connection read again"),
    "connection.settings": lazy_gettext("Changed the settings of a connection"),
    "automation.started": lazy_gettext("Started an automation"),
    "automation.published": lazy_gettext("Published an automation"),
    "automation.live": lazy_gettext("Switched an automation on"),
    "automation.test": lazy_gettext("Let an automation answer test numbers only"),
    "automation.paused": lazy_gettext("Paused an automation"),
    "template.published": lazy_gettext("Published a template"),
    "automations_put": lazy_gettext("Wrote an automation"),
    "automations_start": lazy_gettext("Started an automation"),
    "automations_pause": lazy_gettext("Paused an automation"),
    "templates_put": lazy_gettext("Wrote a template"),
    "gallery_take": lazy_gettext("Took a ready-made template"),
    "rules_put": lazy_gettext("Changed the sending rules"),
    "routing_put": lazy_gettext("Changed the routes"),
    "prices_put": lazy_gettext("Changed the prices"),
    "spending_put_caps": lazy_gettext("Changed the limits on spending"),
    "people_say": lazy_gettext("Added a word of consent"),
    "people_lift": lazy_gettext("Let a number be tried again"),
    "person.imported": lazy_gettext("Imported people"),
    "person.exported": lazy_gettext("Exported what is kept of a person"),
    "person.written_to": lazy_gettext("Wrote to a person"),
    "person.consent_noted": lazy_gettext("Added a word of consent"),
    "person.block_lifted": lazy_gettext("Let a number be tried again"),
    "person.lifted": lazy_gettext("Let a number be tried again"),
    "inbox.answered": lazy_gettext("Answered a person"),
    "message.cancelled": lazy_gettext("Cancelled a message"),
    "message.sent_again": lazy_gettext("Sent a message again"),
    "message.told_again": lazy_gettext("Had a result written again"),
    "messages.released": lazy_gettext("Let a message go that waited"),
    "intake.opened_again": lazy_gettext("Had a request read again"),
    "uncertain.arrived": lazy_gettext("Settled a message: it arrived"),
    "uncertain.not_arrived": lazy_gettext("Settled a message: it did not arrive"),
    "uncertain.sent_again": lazy_gettext("Sent an uncertain message again"),
    "person.erase": lazy_gettext("Erased a person"),
    "uncertain_settle": lazy_gettext("Settled uncertain messages"),
    "campaign.send": lazy_gettext("Sent a campaign"),
    "campaign.cancel": lazy_gettext("Cancelled a campaign"),
}


def done(line: Row) -> Any:
    """What was done; lines of a kind that has no words yet, as they stand."""
    return DONE.get(line["what"]) or line["what"].replace("_", " ").replace(".", ": ")


def who(line: Row) -> str:
    """By whom."""
    kind, _, name = str(line["who"]).partition(":")
    if kind == "user":
        return str(line["user_name"] or gettext("Somebody whose account is gone"))
    if kind == "key":
        return str(gettext("The key «%(name)s»", name=line["key_name"] or name))
    if kind == "cli":
        return str(gettext("%(name)s, at the hub's terminal", name=name))
    return str(gettext("The hub itself"))


def detail(line: Row) -> str:
    """What more is known of it, in one line: names of fields, counts."""
    found = orjson.loads(line["detail"] or "{}")
    found.pop("status", None)
    fields = found.pop("fields", [])
    said = [f"{name}: {_plain(value)}" for name, value in found.items()]
    return " · ".join([*([", ".join(fields)] if fields else []), *said])


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
