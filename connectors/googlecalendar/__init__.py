"""Google Calendar: bookings in, answers onto the event; sign in, or a service account."""

from datetime import timedelta

from hub.contract import Account, Connector, Context, Poll, Refused, Target, Webhook

from . import channels, client, events, poll, preview, settings, signing, write_back


def check(ctx: Context) -> Account:
    """The account, once it has let us read each chosen calendar. Raises the listed errors."""
    titles, lacks = [], []
    for calendar in client.calendars(ctx.settings):
        head = _head(ctx, calendar)
        titles.append(head.title or calendar)
        if head.role in ("reader", "freeBusyReader", "none"):
            lacks.append(
                f"«{head.title or calendar}» may only be read, so nothing is written on its "
                "bookings. Share it with the right to make changes to events."
            )
    try:
        name = client.account(ctx)
    except Refused:
        name = ""
        lacks.append("The list of calendars may not be read. Sign in again and tick every right.")
    granted = ctx.secrets.get("scope", "").split()
    if granted and signing.SCOPES[0] not in granted:
        lacks.append("Results cannot be written on events. Sign in again and tick every right.")
    return Account(label=", ".join(titles)[:200], id=name, lacks=tuple(lacks))


def _head(ctx: Context, calendar: str) -> client.Listed:
    try:
        return client.events(ctx, calendar, maxResults=1, fields="summary,accessRole")
    except Refused as error:
        if error.code != "404":
            raise
    raise Refused(
        f"The calendar «{calendar[:80]}» is not shared with this account, or its id is wrong. "
        "Share it, or correct the id in the settings.",
        code="404",
    )


connector = Connector(
    title="Google Calendar",
    auth={"oauth": signing.OAUTH, "service_account": signing.SERVICE_ACCOUNT},
    settings=settings.SETTINGS,
    check=check,
    emits=("booking.created", "booking.changed", "booking.cancelled"),
    webhook=Webhook(
        verify=events.verify,
        parse=events.parse,
        dedupe=events.dedupe,
        subscribe=channels.subscribe,
        unsubscribe=channels.unsubscribe,
        renew_every=timedelta(hours=1),
    ),
    poll=Poll(poll.pull, every=timedelta(minutes=5), rewind=poll.rewind),
    target=Target(
        write_back.write, subjects=("booking",), batch_size=20, gather=timedelta(seconds=5)
    ),
    options=preview.options,
    preview=preview.preview,
    leaves="The marks, colours and private properties that Relais wrote stay on the events.",
)
