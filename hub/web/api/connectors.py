"""Connectors: what can be installed in this hub, and the forms they declare."""

from typing import Any

from hub.contract import Connector, Field, Keys
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.schemas import FLAG, labelled, listed, shape, text

desk = Desk("connectors")

_FIELD = shape(
    {
        **{name: text(1000) for name in ("name", "label", "kind", "help", "default")},
        "required": FLAG,
        "choices": listed(labelled(["value", "label"])),
    }
)
_CONNECTOR = shape(
    {
        "slug": text(),
        "title": text(),
        "roles": listed(text()),
        "events": listed(text()),
        "channels": listed(text()),
        "settings": listed(_FIELD),
        "secrets": listed(_FIELD),
        "consent_page": FLAG,
    }
)


@desk.route("GET /connectors", scope="read", answers={200: shape({"items": listed(_CONNECTOR)})})
def listing(ask: Ask) -> Answer:
    """List the connectors of this hub, with the fields that installing one needs."""
    found = ask.ground.connectors.items()
    return Answer({"items": [_shown(slug, connector) for slug, connector in found]})


def _shown(slug: str, connector: Connector) -> dict[str, Any]:
    auth = connector.auth
    return {
        "slug": slug,
        "title": connector.title,
        "roles": list(connector.roles),
        "events": list(connector.emits),
        "channels": list(connector.carrier.channels) if connector.carrier else [],
        "settings": [_field(field) for field in connector.settings],
        "secrets": [_field(f) for f in auth.fields] if isinstance(auth, Keys) else [],
        "consent_page": not isinstance(auth, Keys) or auth.grant is not None,
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "help": field.help,
        "default": field.default,
        "required": field.required,
        "choices": [{"value": value, "label": label} for value, label in field.choices],
    }
