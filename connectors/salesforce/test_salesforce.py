from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests

from hub.contract import Context, Person, Refused
from hub.contract.kit.simulator import serve
from hub.contract.values import Consent

from . import access, account, connector, documents, enrichment, errors, mapping, poll, transport
from .conftest import keys
from .origin import Note
from .people import consent
from .simulator import Simulator


def test_the_check_names_the_org_its_quota_and_its_id(ctx, org):
    found = account.check(ctx)
    assert found.label == "Maison Lune"
    assert found.id.startswith("00D")
    assert found.quota.endswith("of 15,000 calls left in 24 hours")
    assert found.lacks == ()


def test_the_check_says_which_field_lacks_and_what_then_does_not_work(ctx, org):
    org.drop_field("Task", "Relais_Marker__c")
    org.drop_field("Lead", "Relais_SMS_Opt_Out__c")
    org.memory.things.pop("Visit__c")
    task, lead, custom = account.check(ctx).lacks
    assert "no result can be written" in task
    assert lead.startswith("Lead has no field Relais_SMS_Opt_Out__c")
    assert "Visit__c" in custom


@pytest.mark.parametrize("way", ["client_credentials", "jwt"])
def test_keys_become_a_token_that_opens_the_org(ctx, org, way):
    chosen, typed = access.WAYS[way], org.typed(way)
    form = chosen.form(ctx.settings, typed, ctx.clock())
    answered = requests.post(chosen.token_url(ctx.settings), data=dict(form), timeout=5).json()
    assert set(access.KEEPS) <= set(answered)
    fresh = replace(ctx, secrets={**ctx.secrets, "access_token": answered["access_token"]})
    assert account.check(fresh).label == "Maison Lune"


def test_client_credentials_need_the_orgs_own_address():
    with pytest.raises(Refused, match="My Domain"):
        access.client_credentials({}, {}, documents.moment("2026-06-12"))


def test_an_assertion_is_meant_for_the_common_address():
    for typed, wanted in (
        ("https://acme.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme--dev.sandbox.my.salesforce.com", "https://test.salesforce.com"),
        ("test.salesforce.com", "https://test.salesforce.com"),
    ):
        assert access.audience({"login_url": typed}) == wanted


def test_a_plain_address_is_only_taken_beside_a_plain_sign_in():
    secrets = {"instance_url": "http://acme.my.salesforce.com"}
    with pytest.raises(Refused):
        transport.base_of({}, secrets)
    assert transport.base_of({"login_url": "http://127.0.0.1:1"}, secrets)


def test_the_instance_of_the_token_answer_is_used_where_nothing_else_is_typed(org, ctx):
    settings = {**ctx.settings, "base_url": ""}
    secrets = {**ctx.secrets, "instance_url": ctx.settings["base_url"]}
    assert account.check(replace(ctx, settings=settings, secrets=secrets)).label


def test_no_error_shows_a_whole_phone_number():
    said = [{"errorCode": "STRING_TOO_LONG", "message": "Phone: too large: +33 6 39 98 01 23 x"}]
    assert "98 01" not in str(errors.error_of(400, said))


def test_a_redirect_is_not_followed(ctx):
    refused = errors.error_of(302, "")
    assert isinstance(refused, Refused)
    assert urlsplit(ctx.settings["base_url"]).hostname == "127.0.0.1"


def test_a_hundred_thin_events_cost_two_calls_with_the_people_behind_them(org, ctx, read, ear):
    org.add_outbound_message(ear[1], ("Opportunity",))
    for _ in range(100):
        org.create_opportunity(org.create_contact())
    assert org.flush()
    before = org.api_calls
    found = read(ear[0].heard)
    assert org.api_calls - before == 2
    assert len(keys(found)) == 100
    assert all(e.person.phone for e in found)


def test_a_record_that_is_gone_is_ignored_and_the_others_stand(org, ctx, read, ear):
    org.add_outbound_message(ear[1], ("Contact",))
    kept, gone = org.create_contact(), org.create_contact()
    assert org.flush()
    org.people.delete(gone)
    found = read(ear[0].heard)
    assert [getattr(one, "subject", "") for one in found] == [f"contact:{kept}", ""]


def test_a_whole_event_passes_as_it_is(ctx):
    assert enrichment.enrich(ctx, []) == []


def test_consent_is_a_persons_word_and_never_our_own(org, ctx, drain, outcome, clock):
    cursor = poll.pull(ctx, "").cursor
    contact = org.create_contact()

    def said() -> Consent | None:
        nonlocal cursor
        clock.on(minutes=5)
        found, cursor = drain(cursor)
        people: list[Person] = [e.person for e in found if e.subject == f"contact:{contact}"]
        return people[-1].consent if people else None

    write = connector.target.write
    assert said() is None
    write(ctx, [outcome(f"contact:{contact}", "opted_out")])
    assert said() is None
    org.opt_out(contact, ticked=False)
    taken_back = said()
    assert taken_back is not None
    assert taken_back.granted
    org.opt_out(contact)
    assert said() is None  # as we had written it
    write(ctx, [outcome(f"contact:{contact}", "opted_in")])
    org.opt_out(contact)
    ticked = said()
    assert ticked is not None
    assert not ticked.granted


def test_an_opt_in_field_of_the_merchants_own_is_a_yes():
    table = replace(_contact(), opt_in="Newsletter__c")
    row = {"LastModifiedDate": "2026-06-12T09:00:00.000+0000", "Newsletter__c": True}
    agreed = consent(table, {**row, "Relais_SMS_Opt_Out__c": False})
    assert agreed is not None
    assert agreed.granted
    refused = consent(table, {**row, "Relais_SMS_Opt_Out__c": True})
    assert refused is not None
    assert not refused.granted


def _contact():
    return mapping.people({})["Contact"]


def test_our_note_survives_its_text_and_fits_its_field(clock):
    note = Note("delivered", clock(), "out", clock(), "2026-06-12T09:00:00.000+0000")
    assert Note.read(str(note)) == note
    assert len(str(note)) <= 255
    assert Note.read("a person wrote this") == Note()


def test_countries_and_languages_are_known_by_their_names():
    assert [documents.country(n) for n in ("France", "Deutschland", "it", "Narnia")] == [
        "FR",
        "DE",
        "IT",
        "",
    ]
    assert documents.language("Français") == "fr"


def test_ids_of_fifteen_and_eighteen_characters_are_one():
    assert documents.long_id("001A0000006Vm9r") == "001A0000006Vm9rIAC"
    assert documents.long_id("001A0000006Vm9rIAC") == "001A0000006Vm9rIAC"
    assert documents.long_id("not-an-id") == ""


def test_the_whole_org_stays_quick_with_five_thousand_records(clock):
    org = Simulator(clock)
    org.change(5_000)
    with serve(org) as served:
        settings = {f.name: f.default for f in connector.settings if f.default}
        ctx = Context(settings | org.settings(served.url), org.secrets(), clock=clock)
        assert poll.pull(ctx, poll.pull(ctx, "").cursor).requests


def test_the_preview_shows_five_people_with_masked_phones(org, ctx, clock):
    org.people.create_lead(
        MobilePhone="06 39 98 01 23", Country="France", Relais_SMS_Opt_Out__c=True
    )
    clock.on(seconds=1)
    org.create_contact(MobilePhone="call me")
    shown = connector.preview(ctx)
    assert [row[0] for row in shown.rows] == ["Contact", "Lead"]
    assert shown.rows[1][2:] == ("+33*******23", "FR", "no")
    assert "1 of these 2" in shown.words[0]
    assert "98 01" not in repr(shown)
