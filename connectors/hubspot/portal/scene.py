"""Every webhook subscription the connector understands something of."""

from collections.abc import Iterator

from .schema import TYPE_IDS


def _everything() -> Iterator[dict[str, str]]:
    for verb in ("creation", "deletion", "privacyDeletion", "merge", "restore"):
        yield {"eventType": f"contact.{verb}"}
    for name in ("firstname", "city", "mobilephone"):
        yield {"eventType": "contact.propertyChange", "propertyName": name}
    yield {"eventType": "deal.creation"}
    yield {"eventType": "deal.propertyChange", "propertyName": "dealstage"}
    for kind, name in (("carts", "hs_external_status"), ("orders", "hs_external_order_status")):
        about = {"objectTypeId": TYPE_IDS[kind]}
        yield {"eventType": "object.creation", **about}
        yield {"eventType": "object.propertyChange", "propertyName": name, **about}


EVERYTHING = tuple(_everything())
