"""Hours and limits as pages change them: what is kept, what is refused, who wrote first."""

import re

from hub.store import allowances, spend

DAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:00, 14:00-18:00")
LIMITS = {
    "quiet_repeat_hours": "48", "messages_per_day": "500", "messages_per_month": "",
    "prefix_per_minute": "", "surge_times": "0", "least_arriving": "40", "tick_share": "10",
    "tick_sends": "50",
}  # fmt: skip
CAP = {"cap_messages": "2", "cap_length": "7", "cap_unit": "days", "cap_kind": "marketing"}


def seen(page):
    return re.search(r'name="seen" value="(\w+)"', page.text)[1]


def test_hours_of_a_country_are_written_drawn_and_taken_away(owner, kept):
    form = owner.get("/settings/hours/change")
    sent = {"country": "BE", "kind": "marketing", "choice": "own", "zone": "Europe/Brussels",
            "holidays": "BE", "part": "", **DAYS}  # fmt: skip
    owner.post("/settings/hours", seen=seen(form), **sent)
    written = kept()["rules"]["windows"]["BE"]["marketing"]
    assert written["days"]["mon"] == ["09:00-12:00", "14:00-18:00"]
    assert "Belgium" in owner.page.text
    assert "<span>14:00–18:00</span>" in owner.page.text
    owner.post("/settings/hours/remove", seen=seen(owner.page), country="BE", kind="marketing")
    assert kept()["rules"]["windows"] == {}


def test_marketing_to_every_country_is_a_preset_known_again(owner, kept):
    path = "/settings/hours/change?country=*&kind=marketing"
    sent = {"country": "*", "kind": "marketing", "choice": "FR-strict"}
    owner.post("/settings/hours", seen=seen(owner.get(path)), **sent)
    assert kept()["sending_window"] == {"preset": "FR-strict"}
    assert '<option value="FR-strict" selected>' in owner.get(path).text


def test_hours_that_cannot_be_are_said_beside_their_field(owner, kept):
    mark = seen(owner.get("/settings/hours/change"))
    sent = {"country": "BE", "kind": "marketing", "choice": "own", "zone": "Mars/Base",
            "holidays": "BE", "part": "nowhere", **DAYS, "tue": "from nine"}  # fmt: skip
    page = owner.post("/settings/hours", seen=mark, **sent)
    assert page.status_code == 422
    assert page.text.count('class="wrong"') == 3
    assert "from nine" in page.text
    assert "BE" not in kept()["rules"].get("windows", {})


def test_the_second_of_two_who_change_the_rules_is_told_and_may_write_over_them(owner, kept):
    mine = seen(owner.get("/settings/limits"))
    owner.post("/settings/limits", seen=mine, **LIMITS, **CAP)
    page = owner.post("/settings/limits", seen=mine, **{**LIMITS, "messages_per_day": "7"}, **CAP)
    assert page.status_code == 409
    assert "Somebody else changed" in page.text
    assert kept()["rules"]["messages_per_day"] == 500
    owner.post("/settings/limits", seen=seen(page), **{**LIMITS, "messages_per_day": "7"}, **CAP)
    assert kept()["rules"]["messages_per_day"] == 7


def test_limits_are_written_and_wrong_ones_are_said(owner, kept):
    mine = seen(owner.get("/settings/limits"))
    owner.post("/settings/limits", seen=mine, **LIMITS, **CAP)
    shop = kept()
    assert shop["rules"]["frequency"] == [{"messages": 2, "days": 7, "kind": "marketing"}]
    assert (shop["rules"]["messages_per_month"], shop["tick_share"]) == (None, 10)
    wrong = {**LIMITS, "surge_times": "many", "least_arriving": "101"}
    page = owner.post("/settings/limits", seen=mine, **wrong, **{**CAP, "cap_length": "0"})
    assert page.status_code == 422
    assert page.text.count('class="wrong"') == 2
    assert "up to 90 days" in page.text
    assert kept()["rules"]["least_arriving"] == 40


def test_a_pause_by_hand_is_no_reason_to_refuse_what_somebody_writes(owner, kept):
    mine = seen(owner.get("/settings/limits"))
    owner.post("/settings/pause", what="all")
    owner.post("/settings/limits", seen=mine, **LIMITS, **CAP)
    assert (kept()["rules"]["paused"], kept()["rules"]["messages_per_day"]) == ("all", 500)


def test_a_limit_on_spending_is_set_shown_with_what_is_spent_and_taken_away(
    owner, ground, workspace
):
    line = {"scope": "country", "key": "FR", "period": "month"}
    owner.post("/settings/limits/spending", on="/settings/limits", **line, amount="12,50")
    assert "€12.50" in owner.page.text
    assert "€0.00 spent" in owner.page.text
    with ground.database.begin() as db:
        assert list(spend.caps_of(db, [workspace]).values()) == [12_500_000]
    wrong = {**line, "key": "France"}
    page = owner.post("/settings/limits/spending", **wrong, amount="1")
    assert page.status_code == 422
    owner.post("/settings/limits/spending/remove", **line)
    assert "No limit on spending yet" in owner.page.text


def test_a_viewer_reads_hours_and_limits_and_changes_nothing(browser):
    viewer = browser("viewer")
    assert "Save these limits" not in viewer.get("/settings/limits").text
    assert "/settings/hours/change" not in viewer.get("/settings/hours").text
    assert viewer.post("/settings/limits", on="/settings", **LIMITS).status_code == 403


def test_a_limit_of_each_is_held_against_whoever_has_spent_the_most(owner, ground, workspace):
    now = ground.clock()
    ranges = [f"prefix:336{n:05}" for n in range(600)]
    keys = ["workspace:", "country:FR", "country:ES", *ranges]
    with ground.database.begin() as db:
        lines = spend.lines_of(workspace, keys, now.date())
        sums = {"FR": (9_000_000, 9), "ES": (2_000_000, 2)}
        spend.add(db, {line: sums.get(line.key, (20_000, 1)) for line in lines})
        for key, micros in (("", 4_000_000), ("FR", 10_000_000)):
            allowances.put(db, workspace, "country", key, "day", micros)
    page = owner.get("/settings/limits").text
    assert "€9.00 spent" in page
    assert "€2.00 spent" in page
    assert "(ES)" in page


def test_closed_days_are_added_named_and_taken_away(owner, kept):
    mark = seen(owner.get("/settings/hours"))
    days = {"from": "2026-12-24", "to": "2027-01-02", "why": "Winter break"}
    page = owner.post("/settings/hours/closed", seen=mark, **days)
    assert kept()["rules"]["closed"] == [days]
    assert "Winter break" in page.text
    gone = {name: days[name] for name in ("from", "to")}
    owner.post("/settings/hours/closed/remove", seen=seen(page), **gone)
    assert kept()["rules"]["closed"] == []


def test_closed_days_that_end_before_they_begin_are_said_and_keep_what_was_typed(owner, kept):
    mark = seen(owner.get("/settings/hours"))
    days = {"from": "2026-12-24", "to": "2026-12-01", "why": "Winter break"}
    page = owner.post("/settings/hours/closed", seen=mark, **days)
    assert page.status_code == 422
    assert "Choose the same day or a later one" in page.text
    assert 'value="Winter break"' in page.text
    assert not kept()["rules"].get("closed")


def test_a_words_meaning_is_the_merchants_own_from_then_on(owner, kept):
    mark = seen(owner.get("/settings/keywords"))
    owner.post("/settings/keywords/own", seen=mark, yes="Présent, à la revoyure", stop="")
    assert kept()["rules"]["keywords"] == {"yes": ["Présent", "à la revoyure"]}
    page = owner.post("/settings/keywords", text="PRESENT!")
    assert "Confirms the booking" in page.text.partition('class="understood"')[2][:400]


def test_a_word_that_means_something_to_everybody_is_not_given_another_meaning(owner, kept):
    mark = seen(owner.get("/settings/keywords"))
    page = owner.post("/settings/keywords/own", seen=mark, yes="stop", no="jamais", start="jamais")
    assert page.status_code == 422
    assert "understood as STOP already" in page.text
    assert "can mean one thing only" in page.text
    assert not kept()["rules"].get("keywords")
