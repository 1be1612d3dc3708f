"""Install: the form, the vendor's consent page, the first check, the subscriptions, the removal."""

import logging
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hub.contract import Connector, ConnectorError, Keys, Rejected, Request
from hub.contract import Field, Subscription
from hub.store import connections
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(minutes=15)


class BadForm(ValueError):
    """The form cannot be used; `problems` are (field, words) pairs."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(f"{name}: {words}" for name, words in problems))
        self.problems = problems


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
) -> Started:
    """Begin: with keys it is finished at once; without, the vendor's own page hands them out.

    Raises BadForm, and ConnectorError when the vendor refuses the keys (nothing is kept then).
    """
    connector = ground.connectors.get(slug)
    if connector is None:
        raise BadForm([("connector", f"There is no connector «{slug}» in this hub.")])
    filled, wants_consent = _read_form(connector, settings, secrets)
    kept = dict(secrets)
    if connector.webhook is not None:
        kept["webhook_secret"] = random.token_hex(24)
    state = random.token_urlsafe(32) if wants_consent else None
    with ground.database.begin() as db:
        made = connections.add(
            db,
            ground.vault,
            workspace_id=workspace_id,
            connector=slug,
            settings=filled,
            secrets=kept,
            grant_state=state,
        )
    if state:
        return Started(made, _consent_url(ground, connector, slug, filled, state, return_url))
    try:
        finish(ground, made)
    except ConnectorError:
        with ground.database.begin() as db:
            connections.remove(db, made)
        raise
    return Started(made)


def _read_form(
    connector: Connector, settings: Mapping[str, str], secrets: Mapping[str, str]
) -> tuple[dict[str, str], bool]:
    keys = connector.auth.fields if isinstance(connector.auth, Keys) else ()
    problems = _unknown(connector.settings, settings) + _unknown(keys, secrets)
    filled = {f.name: str(settings.get(f.name) or f.default) for f in connector.settings}
    problems += [
        (f.name, f"{f.label} is required.")
        for f in connector.settings
        if f.required and not filled[f.name]
    ]
    given = [f for f in keys if secrets.get(f.name)]
    can_ask = isinstance(connector.auth, Keys) and connector.auth.grant is not None
    if len(given) < len(keys) and (given or not can_ask):
        problems += [(f.name, f"{f.label} is required.") for f in keys if f not in given]
    if problems:
        raise BadForm(problems)
    return filled, len(given) < len(keys)


def _unknown(fields: tuple[Field, ...], given: Mapping[str, str]) -> list[tuple[str, str]]:
    known = {f.name for f in fields}
    return [(name, "This field is not known here.") for name in given if name not in known]


def _consent_url(
    ground: Ground,
    connector: Connector,
    slug: str,
    settings: Mapping[str, str],
    state: str,
    return_url: str,
) -> str:
    if not isinstance(connector.auth, Keys) or connector.auth.grant is None:
        raise BadForm([("secrets", "Paste the keys of the account.")])
    callback = f"{ground.settings.address}/hooks/{slug}/granted"
    back = return_url or f"{ground.settings.address}/connected"
    return connector.auth.grant.url(settings, state, back, callback)


def granted(ground: Ground, slug: str, request: Request) -> UUID:
    """The vendor's page handed out keys: keep them; the installation is finished by the next
    look, since the vendor waits for our answer now. Raises Rejected."""
    connector = ground.connectors.get(slug)
    if connector is None or not isinstance(connector.auth, Keys) or connector.auth.grant is None:
        raise Rejected("This connector has no consent page.")
    state, fresh = connector.auth.grant.read(request)
    with ground.database.begin() as db:
        waiting = connections.by_grant(db, state)
        if waiting is None or waiting["connector"] != slug:
            raise Rejected("No installation waits for this consent; start it again.")
        kept = ground.vault.unseal(waiting["secrets"], waiting["id"])
        connections.keep_secrets(db, ground.vault, waiting["id"], {**kept, **fresh})
        connections.grant_used(db, waiting["id"], ground.clock())
    return UUID(str(waiting["id"]))


def finish(ground: Ground, connection_id: UUID) -> None:
    """Check the credentials and make the subscriptions; then it is active."""
    with ground.database.begin() as db:
        row = connections.by_ids(db, [connection_id])[connection_id]
    connector = ground.connectors[row["connector"]]
    label = connector.check(ground.context(row))
    standing = _subscribe(ground, connector, row)
    now = ground.clock()
    with ground.database.begin() as db:
        connections.activate(
            db,
            connection_id,
            label=label,
            vendor_state=standing.state,
            poll_due_at=now if connector.poll else None,
            check_due_at=now + look_again_after(connector),
        )
        connections.note(db, connection_id, f"Connected to {label}.")
    log.info("connection.active", extra={"connection": connection_id})


def look_again_after(connector: Connector) -> timedelta:
    """The rhythm in which this connector's subscriptions are looked at."""
    return (connector.webhook and connector.webhook.renew_every) or LOOK_AGAIN


def _subscribe(ground: Ground, connector: Connector, row: Row) -> Subscription:
    if connector.webhook is None or connector.webhook.subscribe is None:
        return Subscription(row["vendor_state"])
    return connector.webhook.subscribe(ground.context(row))


def remove(ground: Ground, workspace_id: UUID, connection_id: UUID) -> bool:
    """Uninstall: the vendor's subscriptions go if it can be reached; ours always do."""
    with ground.database.begin() as db:
        row = connections.get(db, workspace_id, connection_id)
    if row is None or row["state"] == "removed":
        return False
    connector = ground.connectors.get(row["connector"])
    if connector and connector.webhook and connector.webhook.unsubscribe:
        try:
            connector.webhook.unsubscribe(ground.context(row))
        except ConnectorError as error:
            log.warning("connection.left_subscribed", extra={"connection": row["id"]})
            with ground.database.begin() as db:
                connections.note(db, row["id"], f"Its webhooks may remain: {error.words}")
    with ground.database.begin() as db:
        connections.remove(db, connection_id)
    return True
