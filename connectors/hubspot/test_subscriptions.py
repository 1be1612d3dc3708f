from dataclasses import replace

import pytest

from hub.contract import AuthLost, Refused

from . import access, subscriptions


def test_everything_is_made_once_and_removed_again(ctx, account):
    first = subscriptions.subscribe(ctx)
    assert first.repaired == ()
    assert account.app.target == ctx.hook_url
    assert len(account.app.subscriptions) == len(list(subscriptions.wishes(ctx.settings)))
    again = subscriptions.subscribe(replace(ctx, state=first.state))
    assert again == first
    assert [row["revisionId"] for row in account.app.definitions.values()] == ["1"]
    subscriptions.unsubscribe(replace(ctx, state=first.state))
    assert account.leftovers() == []


def test_what_somebody_spoilt_is_repaired_and_told(installed, ctx, account):
    gone, paused = list(account.app.subscriptions)[:2]
    del account.app.subscriptions[gone]
    account.app.subscriptions[paused]["active"] = False
    account.app.definitions.clear()
    account.app.target = "https://elsewhere.example.com"
    del account.memory.properties["relais_last_reply"]
    told = " ".join(subscriptions.subscribe(installed).repaired)
    for word in ("is on again", "relais_last_reply", "workflow action", "elsewhere", "was gone"):
        assert word in told
    assert all(row["active"] for row in account.app.subscriptions.values())


def test_another_hubs_webhooks_are_left_alone(installed, account):
    account.app.target = "https://elsewhere.example.com"
    subscriptions.unsubscribe(installed)
    assert account.app.target == "https://elsewhere.example.com"
    assert account.app.subscriptions
    assert not account.app.definitions


def test_changed_settings_change_the_subscriptions_and_the_action(installed, account):
    few = {**installed.settings, "objects": "contacts", "phone_property": "phone"}
    subscriptions.subscribe(replace(installed, settings=few))
    named = {row["eventType"].partition(".")[0] for row in account.app.subscriptions.values()}
    assert named == {"contact"}
    assert [row["revisionId"] for row in account.app.definitions.values()] == ["2"]


def test_a_pasted_token_makes_the_properties_and_no_app(ctx, account):
    pasted = replace(ctx, secrets=account.typed("token"))
    state = subscriptions.subscribe(pasted).state
    assert "app" not in state
    assert state["labels"] == {"contacts": "481", "deals": "485"}
    assert account.leftovers() == []
    subscriptions.unsubscribe(replace(pasted, state=state))


def test_a_steady_connection_costs_one_call_to_repair(ctx, account):
    pasted = replace(ctx, secrets=account.typed("token"))
    kept = replace(pasted, state=subscriptions.subscribe(pasted).state)
    before = account.api_calls
    subscriptions.subscribe(kept)
    assert account.api_calls - before == 1


def test_check_names_the_account_its_quota_and_what_lacks(installed, account):
    found = access.check(installed)
    assert (found.label, found.id) == ("lune.example.com (account 62515)", "62515")
    assert "of 250,000 calls left today" in found.quota
    assert found.lacks == ()
    account.forbid("automation")
    account.forbid("crm.objects.carts.read")
    lacks = " ".join(access.check(installed).lacks)
    assert "workflows that wait cannot be answered" in lacks
    assert "crm.objects.carts.read" in lacks


def test_check_of_a_pasted_token_tries_what_it_reads(ctx, account):
    account.forbid("crm.objects.deals.read")
    found = access.check(replace(ctx, secrets=account.typed("token")))
    assert found.label == "HubSpot account 62515"
    assert "crm.objects.deals.read" in found.lacks[0]


@pytest.mark.parametrize("token", ["", "with space", "é", "line\nbreak"])
def test_a_token_that_can_be_none_is_not_even_sent(ctx, account, token):
    with pytest.raises(AuthLost):
        access.check(replace(ctx, secrets={"access_token": token}))
    assert account.api_calls == 0


def test_a_right_that_lacks_is_named(ctx, account):
    account.forbid("crm.schemas.contacts.write")
    with pytest.raises(Refused, match=r"crm\.schemas\.contacts\.write"):
        subscriptions.subscribe(ctx)
