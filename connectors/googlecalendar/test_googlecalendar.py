import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import AuthLost, Ignored, Pull, Refused, Rejected, Request
from hub.contract.http import session

from . import channels, check, connector, events, preview, signing
from .calendars import keys
from .conftest import NOW
from .mutants import MUTANTS

SECRET = {"webhook_secret": "whs-1"}
PUSH = Request.of(
    "POST",
    {
        "X-Goog-Channel-ID": "c-1",
        "X-Goog-Channel-Token": "whs-1",
        "X-Goog-Resource-State": "exists",
        "X-Goog-Message-Number": "7",
    },
    b"",
)


def changed(**headers: str) -> Request:
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    return replace(PUSH, headers={**PUSH.headers, **named})


def test_a_push_with_our_token_rings_the_bell():
    events.verify(PUSH, SECRET)
    assert events.parse(PUSH, {}) == Pull()


@pytest.mark.parametrize(
    "forged",
    [
        changed(x_goog_channel_token="whs-2"),
        changed(x_goog_channel_token=""),
        changed(x_goog_channel_token="whs-1 "),
        replace(PUSH, body=b"{}"),
        replace(PUSH, method="GET"),
        changed(x_goog_channel_id=""),
    ],
)
def test_anything_else_is_rejected(forged):
    with pytest.raises(Rejected):
        events.verify(forged, SECRET)


def test_without_a_secret_no_push_is_genuine():
    for secrets in ({}, {"webhook_secret": ""}):
        with pytest.raises(Rejected):
            events.verify(changed(x_goog_channel_token=""), secrets)


def test_a_polled_record_cannot_be_pushed():
    polled = events.polled({"id": "e1"}, "primary", "", "first", 0, "", "")
    pushed = replace(polled, headers={**polled.headers, **PUSH.headers})
    with pytest.raises(Rejected):
        events.verify(pushed, SECRET)


def test_each_push_of_a_channel_has_a_name_of_its_own():
    assert events.dedupe(PUSH) != events.dedupe(changed(x_goog_message_number="8"))
    assert events.dedupe(PUSH) != events.dedupe(changed(x_goog_channel_id="c-2"))
    assert events.dedupe(PUSH) == events.dedupe(changed(x_goog_channel_expiration="later"))


def test_the_sync_message_means_nothing():
    assert isinstance(events.parse(changed(x_goog_resource_state="sync"), {}), Ignored)


def test_channels_are_renewed_with_overlap_and_the_old_one_is_closed(calendar, ctx, clock):
    first = channels.subscribe(ctx)
    assert first.until - clock() >= timedelta(days=2)
    seen = set()
    for _ in range(24):
        clock.on(hours=12)
        ctx = replace(ctx, state=first.state, secrets=calendar.secrets())
        first = channels.subscribe(ctx)
        ringing = [c.id for c in calendar.bell.channels.values() if c.until > clock()]
        assert len(ringing) == 1
        seen |= set(ringing)
    assert 2 <= len(seen) <= 4


def test_a_state_that_was_lost_opens_no_second_channel(calendar, ctx):
    first = channels.subscribe(ctx)
    assert channels.subscribe(ctx).state == first.state
    channels.unsubscribe(replace(ctx, state=channels.subscribe(ctx).state))
    assert calendar.bell.channels == {}


def test_a_channel_cut_short_by_the_vendor_is_replaced_before_it_ends(calendar, ctx, clock):
    genuine = calendar.bell._made

    def short(*asked):
        made = genuine(*asked)
        made.until = min(made.until, clock() + timedelta(days=1))
        return made

    calendar.bell._made = short
    standing = channels.subscribe(ctx)
    for _ in range(12):
        clock.on(hours=4)
        standing = channels.subscribe(
            replace(ctx, state=standing.state, secrets=calendar.secrets())
        )
        assert [c for c in calendar.bell.channels.values() if c.until > clock()]


def test_a_calendar_taken_off_the_list_rings_no_more(calendar, ctx):
    room = "room-2@group.calendar.example.com"
    both = replace(ctx, settings={**ctx.settings, "other_calendars": room})
    standing = channels.subscribe(both)
    assert len(calendar.bell.channels) == 2
    channels.subscribe(replace(ctx, state=standing.state))
    assert len(calendar.bell.channels) == 1


def test_a_hub_without_https_is_told_once_that_it_polls_alone(calendar, ctx):
    near = replace(ctx, hook_url="http://hub.example.com/hooks/k1")
    first = channels.subscribe(near)
    assert "every five minutes" in first.repaired[0]
    assert not channels.subscribe(replace(near, state=first.state)).repaired
    assert calendar.bell.channels == {}


def test_a_change_rings_and_a_lost_ring_is_made_good_by_the_poll(calendar, ctx, ear, reader):
    channels.subscribe(ctx)
    calendar.book()
    assert calendar.flush()
    states = [r.header("x-goog-resource-state") for r in ear[0].heard]
    assert states == ["sync", "exists"]
    calendar.lose_next()
    calendar.book()
    assert calendar.flush()
    assert len(ear[0].heard) == 2
    assert reader.kinds() == ["created", "created"]


def test_the_check_names_the_account_and_what_may_only_be_read(calendar, ctx):
    account = check(ctx)
    assert (account.label, account.id, account.lacks) == ("salon@example.com",) * 2 + ((),)
    calendar.share_read_only()
    assert "may only be read" in check(ctx).lacks[0]
    calendar.grant("https://www.googleapis.com/auth/calendar.events")
    assert "list of calendars" in check(ctx).lacks[1]


def test_a_right_that_was_not_ticked_is_told_by_the_check(ctx):
    ticked = {**ctx.secrets, "scope": signing.SCOPES[1]}
    assert "cannot be written" in check(replace(ctx, secrets=ticked)).lacks[0]
    both = {**ctx.secrets, "scope": " ".join(signing.SCOPES)}
    assert not check(replace(ctx, secrets=both)).lacks


def test_a_calendar_that_is_not_shared_is_refused_in_words(ctx):
    lost = replace(ctx, settings={**ctx.settings, "calendars": "nobody@example.com"})
    with pytest.raises(Refused, match="is not shared with this account"):
        check(lost)


def test_the_calendars_to_choose_are_the_account_s(ctx):
    chosen = preview.options(ctx, "calendars")
    assert chosen == [
        ("primary", "salon@example.com"),
        ("room-2@group.calendar.example.com", "Room 2"),
    ]
    assert preview.options(ctx, "zone") == ()


def test_the_preview_shows_where_each_phone_was_found_and_hides_it(calendar, ctx):
    calendar.book("With", NOW + timedelta(days=1), phone="06 39 98 01 23")
    calendar.book("Guest", NOW + timedelta(days=2), guest="zoe@example.com")
    for number in range(3):
        calendar.book(f"Without {number}", NOW + timedelta(days=3))
    calendar.book("Focus", NOW + timedelta(days=4), eventType="focusTime")
    shown = preview.preview(ctx)
    found = {row[1]: row[2:] for row in shown.rows}
    assert found["With"] == ("description", "+33*******23")
    assert found["Guest"] == ("guest's e-mail", "")
    assert found["Without 0"] == ("nowhere", "")
    assert "3 of 6 events have no phone" in shown.words[0]
    assert "1 of 6 events are no bookings" in shown.words[1]


def ask(ctx, form: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    answer = session().post(signing.token_url(ctx.settings), data=form, timeout=5)
    return answer.status_code, answer.json()


def test_a_service_account_s_key_becomes_a_token_that_works(calendar, ctx, clock):
    typed = calendar.typed("service_account")
    status, told = ask(ctx, signing.form(ctx.settings, typed, clock()))
    assert status == 200
    with_it = replace(ctx, secrets={**ctx.secrets, "access_token": told["access_token"]})
    assert check(with_it).label == "salon@example.com"


def test_acting_for_somebody_needs_the_delegation(calendar, ctx, clock):
    typed = calendar.typed("service_account") | {"subject": "zoe@example.com"}
    assert ask(ctx, signing.form(ctx.settings, typed, clock()))[0] == 400
    calendar.delegates = True
    assert ask(ctx, signing.form(ctx.settings, typed, clock()))[0] == 200


def test_the_address_in_the_pasted_key_is_never_believed(ctx, clock):
    pasted = json.loads(keys.key_file()) | {"token_uri": "http://127.0.0.1:1/steal"}
    form = signing.form(ctx.settings, {"service_account_json": json.dumps(pasted)}, clock())
    assert ask(ctx, form)[0] == 200


@pytest.mark.parametrize(
    "pasted", ["", "x", "[]", '{"type":"authorized_user"}', '{"type":"service_account"}']
)
def test_a_key_that_cannot_be_read_is_refused_in_words(ctx, clock, pasted):
    with pytest.raises(Refused, match=r"\."):
        signing.form(ctx.settings, {"service_account_json": pasted}, clock())


def test_a_token_with_a_line_break_is_a_lost_sign_in_and_is_not_shown(ctx):
    broken = replace(ctx, secrets={**ctx.secrets, "access_token": "abc\r\ndef-0001"})
    with pytest.raises(AuthLost) as told:
        check(broken)
    assert "def-0001" not in str(told.value)


def test_every_way_asks_for_rights_that_the_api_s_own_description_knows():
    assert set(connector.ways) == {"oauth", "service_account"}
    assert all("auth/calendar" in scope for scope in signing.SCOPES)


def test_at_least_twelve_faults_are_seeded():
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 12
