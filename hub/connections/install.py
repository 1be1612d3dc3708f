"""Install: the form, the vendor's consent page, the first check, the subscriptions, the removal."""

import logging
import secrets as random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hub.connections import dance, tokens
from hub.connections.forms import BadForm, filled_in, read_form, unknown
from hub.contract import (
    Connector,
    ConnectorError,
    Keys,
    OAuth2,
    Refused,
    Rejected,
    Request,
    Subscription,
    Way,
)
from hub.contract.outbound import only_to
from hub.contract.signing_in import fields_of
from hub.store import apps, connections, health, sandboxes
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(minutes=15)
HOURLY = timedelta(hours=1)


@dataclass(frozen=True)
class Started:
    """An installation under way: `consent_url` is where the merchant goes on, if anywhere."""

    connection_id: UUID
    consent_url: str = ""


def start(
    ground: Ground,
    workspace_id: UUID,
    slug: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    return_url: str = "",
    way: str = "",
    simulator: int = 0,
) -> Started:
    """Begin: with keys it is finished at once; otherwise a page of the vendor's own comes first.
    In a sandbox every vendor is played, at the port `simulator`; nowhere else is any.

    Raises BadForm, and ConnectorError when the vendor refuses the keys (nothing is kept then).
    """
    connector = ground.connectors.get(slug)
    if connector is None:
        raise BadForm([("connector", f"There is no connector «{slug}» in this hub.")])
    _refuse_the_wrong_world(ground, workspace_id, simulator)
    form = read_form(connector, settings, secrets, way)
    kept, app = dict(secrets), None
    if connector.webhook is not None or connector.actions:
        kept["webhook_secret"] = random.token_hex(24)
    if isinstance(form.way, OAuth2):
        kept, app = _with_app(ground, workspace_id, slug, kept, form.way)
    granting = form.wants_consent and isinstance(form.way, Keys)
    state = random.token_urlsafe(32) if granting else None
    with ground.database.begin() as db:
        made = connections.add(
            db,
            ground.vault,
            workspace_id=workspace_id,
            connector=slug,
            settings=form.settings,
            secrets=kept,
            grant_state=state,
            way=form.name,
            app=app if app and has_one_address(connector) else None,
            simulator=simulator,
        )
    if state:
        return Started(made, _consent_url(ground, form.way, slug, form.settings, state, return_url))
    if isinstance(form.way, OAuth2):
        return Started(made, dance.begin(ground, made, return_url))
    try:
        finish(ground, made)
    except ConnectorError:
        with ground.database.begin() as db:
            connections.remove(db, made)
        raise
    return Started(made)


def _refuse_the_wrong_world(ground: Ground, workspace_id: UUID, simulator: int) -> None:
    with ground.database.begin() as db:
        played = sandboxes.is_one(db, workspace_id)
    if played != bool(simulator):
        words = (
            "In the sandbox every connector leads to its simulator: connect that with one click."
        )
        real = "A simulator is for the sandbox alone."
        raise BadForm([("connector", words if played else real)])


def has_one_address(connector: Connector) -> bool:
    """Whether the vendor delivers for all accounts of an app to one address."""
    doors = [connector.webhook, *connector.actions.values()]
    return any(door is not None and door.accounts_of is not None for door in doors)


def _with_app(
    ground: Ground, workspace_id: UUID, slug: str, secrets: dict[str, str], way: OAuth2
) -> tuple[dict[str, str], Row]:
    """The secrets with the app's own: those typed in now, or those of the app that is known."""
    names = [f.name for f in fields_of(way)]
    typed = {name: secrets[name] for name in names if secrets.get(name)}
    with ground.database.begin() as db:
        if "client_id" in typed:
            app = apps.keep(
                db, ground.vault, workspace_id=workspace_id, connector=slug, secrets=typed
            )
        else:
            usual = apps.usual(db, workspace_id, slug)
            if usual is None:
                raise BadForm([("client_id", "Client ID of your app is required.")])
            app = usual
    return {**secrets, **apps.secrets_of(ground.vault, app)}, app


def sign_in_again(
    ground: Ground, row: Row, secrets: Mapping[str, str], return_url: str = ""
) -> Started:
    """Reconnect: new keys are checked before they replace the old; a dance is danced again.

    Raises BadForm, and ConnectorError when the vendor refuses.
    """
    connector = ground.connectors.get(row["connector"])
    if connector is None:
        raise BadForm([("connector", "Its connector is no longer in this hub.")])
    way = tokens.way_of(connector, row)
    kept = connections.secrets_of(ground.vault, row)
    problems = unknown(fields_of(way), secrets)
    if problems:
        raise BadForm(problems)
    changed = {**kept, **{n: v for n, v in secrets.items() if v}}
    if not isinstance(way, Keys):
        for gone in ("access_token", "expires_at"):
            changed.pop(gone, None)
    with ground.database.begin() as db:
        connections.keep_secrets(db, ground.vault, row, changed)
    if isinstance(way, OAuth2):
        return Started(row["id"], dance.begin(ground, row["id"], return_url))
    finish(ground, row["id"])
    return Started(row["id"])


def fill_in(ground: Ground, row: Row, settings: Mapping[str, str]) -> None:
    """Change the settings of a connection, and look at it with them. Raises BadForm, and
    ConnectorError when the vendor does not take them; the old ones stay then."""
    connector = ground.connectors.get(row["connector"])
    if connector is None:
        raise BadForm([("connector", "Its connector is no longer in this hub.")])
    wanted = {**row["settings"], **settings}
    with only_to(row["simulator"] or 0):
        filled, problems = filled_in(connector, wanted)
    if problems:
        raise BadForm(problems)
    ground.call(row, lambda ctx: connector.check(replace(ctx, settings=filled)))
    with ground.database.begin() as db:
        connections.keep_settings(db, row["id"], filled)
    finish(ground, row["id"])


def _consent_url(
    ground: Ground,
    way: Way,
    slug: str,
    settings: Mapping[str, str],
    state: str,
    return_url: str,
) -> str:
    if not isinstance(way, Keys) or way.grant is None:
        raise BadForm([("secrets", "Paste the keys of the account.")])
    callback = f"{ground.settings.address}/hooks/{slug}/granted"
    back = return_url or f"{ground.settings.address}/connected"
    return way.grant.url(settings, state, back, callback)


def granted(ground: Ground, slug: str, request: Request) -> UUID:
    """The vendor's page handed out keys: keep them; the installation is finished by the next
    look, since the vendor waits for our answer now. Raises Rejected."""
    connector = ground.connectors.get(slug)
    ways = connector.ways.values() if connector else ()
    grants = [way.grant for way in ways if isinstance(way, Keys)]
    grant = next(filter(None, grants), None)
    if grant is None:
        raise Rejected("This connector has no consent page.")
    state, fresh = grant.read(request)
    with ground.database.begin() as db:
        waiting = connections.by_grant(db, state)
        if waiting is None or waiting["connector"] != slug:
            raise Rejected("No installation waits for this consent; start it again.")
        kept = connections.secrets_of(ground.vault, waiting)
        connections.keep_secrets(db, ground.vault, waiting, {**kept, **fresh})
        connections.grant_used(db, waiting["id"], ground.clock())
    return UUID(str(waiting["id"]))


def finish(ground: Ground, connection_id: UUID) -> None:
    """Check the credentials and make the subscriptions; then it is active."""
    with ground.database.begin() as db:
        row = connections.by_ids(db, [connection_id])[connection_id]
    connector = ground.connectors[row["connector"]]
    account = ground.call(row, connector.check)
    now = ground.clock()
    with ground.database.begin() as db:
        # Two sources of the same events would text everybody twice.
        twins = connections.twins(db, row, account.id) if connector.emits else []
        if any(has_one_address(connector) or t["settings"] == row["settings"] for t in twins):
            raise Refused(f"{account.label} is connected already. Remove that connection first.")
        health.keep_account(db, connection_id, account, now)
        row = connections.by_ids(db, [connection_id])[connection_id]
    standing = _subscribe(ground, connector, row)
    with ground.database.begin() as db:
        connections.activate(
            db,
            connection_id,
            vendor_state=kept_state(standing),
            poll_due_at=now if connector.poll else None,
            check_due_at=now + look_again_after(connector),
            gather=connector.target.gather if connector.target else timedelta(0),
        )
        health.note(db, connection_id, f"Connected to {account.label}.")
        for words in (*standing.repaired, *account.lacks):
            health.note(db, connection_id, words)
    log.info("connection.active", extra={"connection": connection_id})


def kept_state(standing: Subscription) -> dict[str, Any]:
    """What is kept of the subscriptions: the connector's own state, and until when they hold."""
    until = {"until": standing.until.isoformat()} if standing.until else {}
    return {**standing.state, **until}


def look_again_after(connector: Connector) -> timedelta:
    """The rhythm in which this connector's subscriptions are looked at."""
    own = connector.webhook.renew_every if connector.webhook else None
    return min(own or LOOK_AGAIN, HOURLY)


def _subscribe(ground: Ground, connector: Connector, row: Row) -> Subscription:
    if connector.webhook is None or connector.webhook.subscribe is None:
        return Subscription(row["vendor_state"])
    return ground.call(row, connector.webhook.subscribe)


def remove(ground: Ground, workspace_id: UUID, connection_id: UUID) -> str | None:
    """Uninstall: the vendor's subscriptions and our tokens go if it can be reached; our own rows
    always do. What stays at the vendor, in words; None where there is no such connection."""
    with ground.database.begin() as db:
        row = connections.get(db, workspace_id, connection_id)
    if row is None or row["state"] == "removed":
        return None
    connector = ground.connectors.get(row["connector"])
    left = list(_leave(ground, connector, row)) if connector else []
    with ground.database.begin() as db:
        for words in left:
            health.note(db, row["id"], words)
        connections.remove(db, connection_id)
    return " ".join([*left, connector.leaves if connector else ""]).strip()


def _leave(ground: Ground, connector: Connector, row: Row) -> Iterator[str]:
    """Take down what we put up at the vendor; what could not be, in words."""
    try:
        if connector.webhook and connector.webhook.unsubscribe:
            ground.call(row, connector.webhook.unsubscribe)
    except ConnectorError as error:
        log.warning("connection.left_subscribed", extra={"connection": row["id"]})
        yield f"Its webhooks may remain: {error.words}"
    try:
        with ground.database.begin() as db:
            fresh = connections.by_ids(db, [row["id"]])[row["id"]]
        with only_to(row["simulator"] or 0):
            tokens.revoke(ground, tokens.way_of(connector, fresh), fresh)
    except ConnectorError as error:
        log.warning("connection.left_signed_in", extra={"connection": row["id"]})
        yield f"Its sign-in may remain: {error.words}"
