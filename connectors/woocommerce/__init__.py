"""WooCommerce: orders and carts in, codes made, results onto the order; keys or its own page."""

from datetime import timedelta

from hub.contract import (
    Account,
    Connector,
    Context,
    Coupons,
    Field,
    Grant,
    Keys,
    Poll,
    Target,
    Webhook,
)

from . import client, coupons, events, grant, poll, subscriptions, write_back

_READ_ONLY = (
    "These keys may not write coupons, so texts that name a code are not sent. Make keys with the "
    "rights Read/Write, as a user who may manage the shop."
)


def check(ctx: Context) -> Account:
    """The shop, by its host name, once it has let us read an order. Raises the listed errors."""
    client.orders(ctx, per_page=1)
    host = client.host(ctx.settings)
    return Account(host, host, lacks=() if client.may_make_coupons(ctx) else (_READ_ONLY,))


KEYS = (
    Field("consumer_key", "Consumer key", "secret", "Starts with ck_.", required=True),
    Field("consumer_secret", "Consumer secret", "secret", "Starts with cs_.", required=True),
)

SETTINGS = (
    Field(
        "url",
        "Shop address",
        "url",
        "Such as https://shop.example.com, exactly as the shop's own links have it.",
        required=True,
    ),
    Field(
        "consent_key",
        "Consent field",
        help="The order's meta key that holds the tick box for marketing messages.",
        default="sms_optin",
        maps="consent",
    ),
    Field(
        "country",
        "Default country",
        help="Two letters (FR): for phones of orders that name no country.",
        maps="country",
    ),
    Field(
        "cart_idle_minutes",
        "Minutes until a checkout counts as left",
        "number",
        default="30",
    ),
    Field(
        "note_outcomes",
        "Results noted on the order",
        "choices",
        "The order's fields are always kept up to date.",
        default=write_back.NOTED,
        choices=(
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("read", "Read"),
            ("failed", "Failed"),
            ("skipped", "Not sent"),
            ("clicked", "Clicked"),
            ("bought", "Bought"),
            ("replied", "Replied"),
            ("opted_out", "Opted out"),
        ),
    ),
    Field(
        "query_string_auth",
        "Send the keys in the address",
        "flag",
        "Only where the host strips the Authorization header: the keys then stand in its logs.",
    ),
)

connector = Connector(
    title="WooCommerce",
    auth=Keys(KEYS, Grant(grant.url, grant.read)),
    settings=SETTINGS,
    check=check,
    emits=(
        "cart.abandoned",
        "order.created",
        "order.paid",
        "order.status_changed",
        "order.refunded",
        "order.deleted",
        "contact.changed",
    ),
    webhook=Webhook(
        verify=events.verify,
        parse=events.parse,
        dedupe=events.dedupe,
        greet=events.greet,
        subscribe=subscriptions.subscribe,
        unsubscribe=subscriptions.unsubscribe,
        renew_every=timedelta(minutes=10),
    ),
    poll=Poll(poll.pull, every=timedelta(minutes=1), rewind=poll.rewind),
    target=Target(write_back.write, subjects=("order",), batch_size=20),
    coupons=Coupons(coupons.mint, batch_size=coupons.BATCH),
    leaves="The codes, and the notes and fields that Relais wrote on orders, stay in the shop.",
)
