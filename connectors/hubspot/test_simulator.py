import json

import hubspot
import pytest
from hubspot.automation.actions import ApiClient as ActionsClient
from hubspot.automation.actions import (
    BatchInputCallbackCompletionBatchRequest,
    PublicActionDefinitionEgg,
)
from hubspot.crm.objects import (
    BatchInputSimplePublicObjectBatchInput,
    BatchReadInputSimplePublicObjectId,
    PublicObjectSearchRequest,
)
from hubspot.crm.objects.exceptions import ApiException

from . import events, properties, subscriptions
from .definition import definition


@pytest.fixture
def official(ctx):
    """The vendor's package as it comes, its own validation on, pointed at the account."""

    def made(package, name, _):
        configuration = package.Configuration()
        configuration.host = ctx.settings["api_url"]
        configuration.access_token = ctx.secrets["access_token"]
        configuration.api_key["developer_hapikey"] = ctx.secrets["developer_key"]
        configuration.client_side_validation = True
        return getattr(package, name)(api_client=package.ApiClient(configuration=configuration))

    return hubspot.Client.create(api_factory=made)


def test_records_parse_in_the_official_models(official, account):
    number = account.create_contact()
    deal = account.create_deal(number)
    asked = BatchReadInputSimplePublicObjectId(
        properties_with_history=["city"],
        inputs=[{"id": number}, {"id": "999"}],
        properties=["firstname"],
    )
    read = official.crm.objects.batch_api.read("contacts", asked)
    assert (read.num_errors, read.errors[0].context) == (1, {"ids": ["999"]})
    assert read.results[0].properties["firstname"] == "Zoë"
    assert read.results[0].properties_with_history["city"][0].value == "Lyon"
    ends = official.crm.associations.v4.batch_api.get_page(
        "deals", "contacts", {"inputs": [{"id": deal}]}
    )
    assert str(ends.results[0].to[0].to_object_id) == number
    search = PublicObjectSearchRequest(limit=10, properties=["city"])
    found = official.crm.objects.search_api.do_search("contacts", search)
    assert (found.total, found.results[0].id) == (1, number)


def test_writes_parse_in_the_official_models(official, account, ctx):
    number = account.create_contact()
    objects = official.crm.objects.batch_api
    wanted = BatchInputSimplePublicObjectBatchInput([{"id": number, "properties": {"city": "X"}}])
    assert objects.update("contacts", wanted).results[0].id == number
    group, *made = properties.GROUP_MADE, *properties.MADE
    assert official.crm.properties.groups_api.create("contacts", group).name == "relais"
    answer = official.crm.properties.batch_api.create("contacts", {"inputs": made})
    assert len(answer.results) == len(made)
    assert len(official.crm.properties.core_api.get_all("contacts").results) == len(made)
    labels = official.crm.associations.v4.schema.definitions_api
    found = labels.get_all("communications", "contacts").results
    assert {row.category for row in found} == {"USER_DEFINED", "HUBSPOT_DEFINED"}


def test_the_apps_side_parses_in_the_official_models(official, account, ctx):
    subscriptions.subscribe(ctx)
    app = account.app.id
    assert official.webhooks.settings_api.get_all(app).target_url == ctx.hook_url
    assert all(row.active for row in official.webhooks.subscriptions_api.get_all(app).results)
    (action,) = official.automation.actions.definitions_api.get_page(app).results
    assert action.action_url == f"{ctx.hook_url}/send"
    info = official.oauth.access_tokens_api.get(ctx.secrets["access_token"])
    assert info.hub_id == account.portal


def test_what_we_send_is_what_the_official_models_send(ctx):
    wanted = definition("https://hub.example.com/h", {})
    raw = type("Raw", (), {"data": json.dumps(wanted)})
    model = ActionsClient().deserialize(raw, "PublicActionDefinitionEgg")
    assert isinstance(model, PublicActionDefinitionEgg)
    sent = ActionsClient().sanitize_for_serialization(model)
    assert sent == wanted


def test_completions_are_taken_from_the_official_models(official, account, ctx):
    subscriptions.subscribe(ctx)
    (step,) = account.run_workflow([account.create_contact()], "thanks")
    done = {"callbackId": step, "outputFields": {"relais_result": "sent"}, "typedOutputs": {}}
    batch = BatchInputCallbackCompletionBatchRequest(inputs=[done])
    official.automation.actions.callbacks_api.complete_batch(batch)
    assert account.completed(step) == {"relais_result": "sent"}


def test_an_expired_token_and_a_missing_scope_are_told_in_the_vendors_words(
    official, account, monkeypatch
):
    search = PublicObjectSearchRequest(limit=1)
    account.forbid("crm.objects.contacts.read")
    with pytest.raises(ApiException) as refused:
        official.crm.objects.search_api.do_search("contacts", search)
    assert json.loads(refused.value.body)["category"] == "MISSING_SCOPES"
    account.sign_in.expire()
    with pytest.raises(ApiException) as lost:
        official.crm.objects.search_api.do_search("contacts", search)
    assert json.loads(lost.value.body)["category"] == "EXPIRED_AUTHENTICATION"


def test_the_quotas_are_kept_when_they_are_switched_on(official, account):
    account.doors.limits.searches = 5
    search = PublicObjectSearchRequest(limit=1)
    for _ in range(5):
        official.crm.objects.search_api.do_search("contacts", search)
    with pytest.raises(ApiException) as many:
        official.crm.objects.search_api.do_search("contacts", search)
    assert json.loads(many.value.body)["policyName"] == "SECONDLY"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 201},
        {"limit": 200, "after": "9900"},
        {"sorts": [{"propertyName": "hs_object_id"}] * 2},
        {"filterGroups": [{"filters": []}] * 6},
    ],
)
def test_a_search_past_the_vendors_limits_is_refused(official, query):
    with pytest.raises(ApiException) as error:
        official.crm.objects.search_api.do_search("contacts", query)
    assert error.value.status == 400


def test_a_failed_delivery_comes_again_with_another_attempt_number(installed, account, ear):
    ear[0].statuses = ["500 Oops", "404 No"]
    account.create_contact()
    assert account.flush()
    tries = [json.loads(r.body)[0]["attemptNumber"] for r in ear[0].told()]
    assert tries == [0, 1, 2]
    assert len({events.dedupe(r) for r in ear[0].told()}) == 1


def test_a_double_delivery_comes_twice_and_a_shuffled_one_whole(installed, account, ear):
    account.deliver_twice()
    account.shuffle()
    made = {account.create_contact() for _ in range(20)}
    assert account.flush()
    rows = [row for r in ear[0].told() for row in json.loads(r.body)]
    assert len(rows) == 40
    assert {str(row["objectId"]) for row in rows} == made


def test_five_thousand_records_are_searched_at_once(account, drain, installed):
    account.app.subscriptions.clear()
    account.change(5_000)
    assert len(account.memory.records["contacts"]) == 5_000
    query = {"limit": 200, "sorts": [{"propertyName": "lastmodifieddate"}]}
    status, found = account.doors.objects.search("contacts", query)
    assert (status, found["total"], len(found["results"])) == (200, 5_000, 200)
