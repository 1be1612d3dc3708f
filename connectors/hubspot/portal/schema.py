"""What the account knows before anything is made in it: kinds, properties, association types."""


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


TYPE_IDS = {
    "contacts": "0-1",
    "deals": "0-3",
    "carts": "0-142",
    "orders": "0-123",
    "communications": "0-18",
}
NOUNS = {"contacts": "contact", "deals": "deal"}
MODIFIED = {"contacts": "lastmodifieddate"}

KNOWN = {
    "contacts": _names(
        "firstname lastname email phone mobilephone city country "
        "hs_country_region_code "
        "hs_language hs_timezone hs_merged_object_ids hs_object_id createdate lastmodifieddate"
    ),
    "deals": _names(
        "dealname dealstage pipeline amount deal_currency_code closedate hs_object_id "
        "createdate hs_lastmodifieddate"
    ),
    "carts": _names(
        "hs_cart_name hs_external_cart_id hs_external_status hs_total_price hs_currency_code "
        "hs_cart_url hs_object_id hs_createdate hs_lastmodifieddate"
    ),
    "orders": _names(
        "hs_order_name hs_external_order_id hs_external_cart_id hs_external_order_status "
        "hs_total_price hs_currency_code hs_object_id hs_createdate hs_lastmodifieddate"
    ),
    "communications": _names(
        "hs_communication_channel_type hs_communication_logged_from hs_communication_body "
        "hs_timestamp hubspot_owner_id hs_object_id hs_createdate hs_lastmodifieddate"
    ),
}
KNOWN_TYPES = {"closedate": "datetime", "hs_timestamp": "datetime"}

# Not the numbers of the documentation: whoever writes those down instead of asking is found out.
LABELS = {("communications", "contacts"): 481, ("communications", "deals"): 485}

READ_SCOPES = {
    "contacts": "crm.objects.contacts.read",
    "communications": "crm.objects.contacts.read",
    "deals": "crm.objects.deals.read",
    "carts": "crm.objects.carts.read",
    "orders": "crm.objects.orders.read",
}
WRITE_SCOPE = "crm.objects.contacts.write"
