"""What people and shops' apps write into the account where a test names nothing else."""

ZOE = {
    "firstname": "Zoë",
    "lastname": "Martin",
    "email": "zoe@example.com",
    "mobilephone": "+33 6 39 98 01 23",
    "city": "Lyon",
    "country": "France",
    "hs_country_region_code": "FR",
    "hs_language": "fr-fr",
    "hs_timezone": "europe_slash_paris",
}

DEAL = {
    "dealname": "Kitchen for the Martins",
    "dealstage": "appointmentscheduled",
    "pipeline": "default",
    "amount": "6400.00",
    "deal_currency_code": "EUR",
    "closedate": "2026-07-01T10:00:00Z",
}
CART = {
    "hs_cart_name": "Cart",
    "hs_external_status": "pending",
    "hs_total_price": "64.90",
    "hs_currency_code": "EUR",
}
ORDER = {
    "hs_order_name": "Order 1043",
    "hs_external_order_id": "1043",
    "hs_external_order_status": "processing",
    "hs_total_price": "64.90",
    "hs_currency_code": "EUR",
}
