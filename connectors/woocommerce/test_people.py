from datetime import UTC, datetime

import pytest

from .trial import ORDER, parsed, with_meta


@pytest.mark.parametrize("value", ["yes", "1", 1, True, "TRUE", " On ", "Yes"])
def test_a_ticked_box_is_consent(value):
    consent = parsed(with_meta(("sms_optin", value)))[0].person.consent
    assert consent is not None
    assert consent.granted
    assert consent.source == "woocommerce order meta sms_optin"
    assert consent.at == datetime(2026, 11, 22, 19, 24, 37, tzinfo=UTC)


@pytest.mark.parametrize("value", ["no", "0", 0, False, "false", "OFF"])
def test_an_unticked_box_is_consent_withdrawn(value):
    consent = parsed(with_meta(("sms_optin", value)))[0].person.consent
    assert consent is not None
    assert not consent.granted


@pytest.mark.parametrize("value", ["", None, "maybe", [], {"yes": 1}, 2, "12"])
def test_anything_else_is_silence(value):
    assert parsed(with_meta(("sms_optin", value)))[0].person.consent is None


def test_of_two_answers_the_no_counts():
    consent = parsed(with_meta(("sms_optin", "no"), ("sms_optin", "yes")))[0].person.consent
    assert consent is not None
    assert not consent.granted


def test_a_block_checkout_field_can_be_the_consent_field():
    key = "_wc_other/acme/sms_consent"
    found = parsed(with_meta((key, "1"), ("sms_optin", "no")), settings={"consent_key": key})
    assert found[0].person.consent.granted


def test_the_phone_may_stand_in_the_shipping_address_only():
    billing = ORDER["billing"] | {"phone": "", "country": "DE"}
    shipping = ORDER["shipping"] | {"phone": "06 39 98 01 23", "country": "FR"}
    person = parsed(ORDER | {"billing": billing, "shipping": shipping})[0].person
    assert (person.phone, person.country) == ("06 39 98 01 23", "FR")


def test_the_default_country_is_used_where_the_order_names_none():
    billing = ORDER["billing"] | {"country": ""}
    person = parsed(ORDER | {"billing": billing}, settings={"country": "fr"})[0].person
    assert person.country == "FR"


@pytest.mark.parametrize(("value", "code"), [("fr_FR", "fr"), ("pt-br", "pt"), ("x", ""), (5, "")])
def test_the_language_is_the_one_the_order_was_placed_in(value, code):
    assert parsed(with_meta(("wpml_language", value)))[0].person.language == code


def test_a_registered_buyer_is_known_by_their_record():
    assert parsed(ORDER | {"customer_id": 7})[0].person.record == "customer:7"
    assert parsed(ORDER | {"customer_id": 0})[0].person.record == ""


def test_a_customer_without_a_change_date_has_a_stable_key():
    document = {"id": 7, "date_modified_gmt": None, "billing": {"city": "Lyon"}, "email": "a@b.c"}
    first, second = (parsed(document, "customer.created")[0] for _ in range(2))
    assert first.key == second.key
    assert first.key != parsed(document | {"email": "d@b.c"}, "customer.created")[0].key
