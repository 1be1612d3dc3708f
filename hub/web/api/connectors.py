"""Connectors: what can be installed in this hub, and the forms they declare."""

from typing import Any

from hub.contract import Connector, Field, Keys, OAuth2, Way
from hub.contract.signing_in import fields_of
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.schemas import FLAG, labelled, listed, shape, text

desk = Desk("connectors")

_FIELD = shape(
    {
        **{name: text(1000) for name in ("name", "label", "kind", "help", "default")},
        **dict.fromkeys(("required", "live", "advanced"), FLAG),
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
        "ways": listed(
            shape(
                {
                    "name": text(),
                    "label": text(),
                    "secrets": listed(_FIELD),
                    "consent_page": FLAG,
                }
            )
        ),
        "leaves": text(2000),
    }
)


@desk.route("GET /connectors", scope="read", answers={200: shape({"items": listed(_CONNECTOR)})})
def listing(ask: Ask) -> Answer:
    """List the connectors of this hub, with the fields that installing one needs."""
    found = ask.ground.connectors.items()
    return Answer({"items": [_shown(slug, connector) for slug, connector in found]})


def _shown(slug: str, connector: Connector) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": connector.title,
        "roles": list(connector.roles),
        "events": list(connector.emits),
        "channels": list(connector.carrier.channels) if connector.carrier else [],
        "settings": [_field(field) for field in connector.settings],
        "ways": [_way(name, way) for name, way in connector.ways.items()],
        "leaves": connector.leaves,
    }


def _way(name: str, way: Way) -> dict[str, Any]:
    asks = isinstance(way, OAuth2) or (isinstance(way, Keys) and way.grant is not None)
    return {
        "name": name,
        "label": way.label,
        "secrets": [_field(field) for field in fields_of(way)],
        "consent_page": asks,
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "help": field.help,
        "default": field.default,
        "required": field.required,
        "live": field.live,
        "advanced": field.advanced,
        "choices": [{"value": value, "label": label} for value, label in field.choices],
    }
