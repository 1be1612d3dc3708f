"""Who may come in, and how: passwords, second factors, first run, team."""

from datetime import timedelta

import pyotp
import pytest

from hub.accounts import entering, first, second, team
from hub.accounts.entering import Caller, MustWait, Wrong
from hub.store import audit, sessions, users, wrong_tries
from hub.store.database import row, rows

HOME = Caller("Firefox", "192.0.2.1")
PASSWORD = "correct horse battery"
OWNER = first.Owner(
    "Lea@Example.com", "Léa Martin", PASSWORD, "Maison Lune", "FR", "fr", "Europe/Paris"
)


@pytest.fixture
def owner(ground):
    """The first owner, set up; their session."""
    token = first.begin(ground, OWNER, first.code_of(ground), HOME)
    with ground.database.begin() as db:
        return sessions.of_token(db, token, ground.clock())


def seat_of(ground, token):
    with ground.database.begin() as db:
        return sessions.of_token(db, token, ground.clock())


def protect(ground, owner):
    """Give the owner a second factor; its secret, and the recovery codes."""
    secret, codes = second.new_secret(), second.new_recovery_codes()
    with ground.database.begin() as db:
        users.keep_totp(db, ground.vault, owner["user_id"], secret, map(second.hash_of, codes))
    return secret, codes


def test_whoever_sees_the_terminal_becomes_the_first_owner_of_a_shop_in_test_mode(ground, owner):
    assert (owner["role"], owner["workspace"], owner["stage"]) == ("owner", "Maison Lune", "in")
    assert not first.is_first_run(ground)
    with ground.database.begin() as db:
        shop = row(db, "SELECT * FROM workspaces WHERE id = :id", id=owner["at_workspace"])
        states = rows(db, "SELECT DISTINCT state FROM automations")
        said = [line["what"] for line in audit.listed(db, 10)]
    assert shop["testing"]
    assert shop["sending_window"] == {"preset": "FR"}
    assert [s["state"] for s in states] == ["draft"]
    assert {"hub.first_owner", "session.begun"} <= set(said)


def test_nobody_becomes_the_first_owner_without_the_code_or_after_somebody_did(ground):
    assert first.is_first_run(ground)
    with pytest.raises(first.NotFirst):
        first.begin(ground, OWNER, "0000-0000-0000", HOME)
    assert first.is_first_run(ground)
    first.begin(ground, OWNER, f" {first.code_of(ground).upper()} ", HOME)
    with pytest.raises(first.NotFirst):
        first.begin(ground, OWNER, first.code_of(ground), HOME)


def test_the_right_password_opens_a_session_whatever_the_case_of_the_address(ground, owner):
    entered = entering.enter(ground, " LEA@example.com", PASSWORD, HOME)
    assert not entered.needs_code
    assert seat_of(ground, entered.token)["user_id"] == owner["user_id"]


def test_a_wrong_password_and_an_unknown_address_are_refused_alike(ground, owner):
    for email, password in (("lea@example.com", "x"), ("nobody@example.com", PASSWORD)):
        with pytest.raises(Wrong):
            entering.enter(ground, email, password, HOME)


def test_after_five_wrong_passwords_the_account_waits_and_longer_each_time(ground, owner, clock):
    waits = []
    for _ in range(8):
        try:
            entering.enter(ground, "lea@example.com", "wrong", HOME)
        except MustWait as wait:
            waits.append(wait.seconds)
            clock.now += timedelta(seconds=wait.seconds)
            with pytest.raises(Wrong):
                entering.enter(ground, "lea@example.com", "wrong", HOME)
        except Wrong:
            continue
    assert waits == sorted(waits)
    assert waits[0] == 16
    assert waits[-1] > waits[0]
    clock.now += timedelta(hours=7)
    assert entering.enter(ground, "lea@example.com", PASSWORD, HOME).token


def test_one_network_may_not_try_many_accounts(ground, owner):
    for n in range(30):
        with pytest.raises(Wrong):
            entering.enter(ground, f"guess{n}@example.com", "wrong", HOME)
    with pytest.raises(MustWait):
        entering.enter(ground, "lea@example.com", PASSWORD, HOME)
    elsewhere = Caller("Firefox", "198.51.100.7")
    assert entering.enter(ground, "lea@example.com", PASSWORD, elsewhere).token


def test_a_right_password_forgives_wrong_ones(ground, owner):
    for _ in range(4):
        with pytest.raises(Wrong):
            entering.enter(ground, "lea@example.com", "wrong", HOME)
    entering.enter(ground, "lea@example.com", PASSWORD, HOME)
    with ground.database.begin() as db:
        assert wrong_tries.wait(db, "account:lea@example.com", ground.clock()) == 0
        assert [r["times"] for r in rows(db, "SELECT times FROM wrong_tries")] == [4]  # the network


def test_with_a_second_factor_the_password_alone_opens_nothing(ground, owner, clock):
    secret, _ = protect(ground, owner)
    entered = entering.enter(ground, "lea@example.com", PASSWORD, HOME)
    assert entered.needs_code
    assert seat_of(ground, entered.token)["stage"] == "code"
    code = pyotp.TOTP(secret).at(clock.now)
    inside = entering.give_code(ground, entered.token, code, HOME)
    assert seat_of(ground, inside.token)["stage"] == "in"
    assert seat_of(ground, entered.token) is None


def test_no_code_works_twice(ground, owner, clock):
    secret, codes = protect(ground, owner)
    for code in (pyotp.TOTP(secret).at(clock.now), codes[0]):
        entered = entering.enter(ground, "lea@example.com", PASSWORD, HOME)
        entering.give_code(ground, entered.token, code, HOME)
        again = entering.enter(ground, "lea@example.com", PASSWORD, HOME)
        with pytest.raises(Wrong):
            entering.give_code(ground, again.token, code, HOME)


def test_a_wrong_code_is_counted_and_the_question_ends_after_ten_minutes(ground, owner, clock):
    secret, _ = protect(ground, owner)
    entered = entering.enter(ground, "lea@example.com", PASSWORD, HOME)
    with pytest.raises(Wrong):
        entering.give_code(ground, entered.token, "000 000", HOME)
    with ground.database.begin() as db:
        assert len(rows(db, "SELECT 1 FROM wrong_tries")) == 2
    clock.now += timedelta(minutes=11)
    with pytest.raises(Wrong):
        entering.give_code(ground, entered.token, pyotp.TOTP(secret).at(clock.now), HOME)


def test_a_recovery_code_is_read_however_it_is_typed(ground, owner):
    _, codes = protect(ground, owner)
    entered = entering.enter(ground, "lea@example.com", PASSWORD, HOME)
    typed = codes[3].upper().replace("-", " ")
    assert entering.give_code(ground, entered.token, typed, HOME).token


def test_a_session_ends_when_unused_for_two_days_and_after_two_weeks_at_most(ground, owner, clock):
    token = entering.enter(ground, "lea@example.com", PASSWORD, HOME).token
    for _ in range(13):
        clock.now += timedelta(days=1)
        assert seat_of(ground, token) is not None
    clock.now += timedelta(days=1, minutes=1)
    assert seat_of(ground, token) is None
    token = entering.enter(ground, "lea@example.com", PASSWORD, HOME).token
    clock.now += timedelta(days=2, minutes=1)
    assert seat_of(ground, token) is None


def test_a_session_is_ended_from_another_browser_and_never_by_another_user(ground, owner):
    token = entering.enter(ground, "lea@example.com", PASSWORD, HOME).token
    mine = seat_of(ground, token)
    with ground.database.begin() as db:
        assert len(sessions.of_user(db, owner["user_id"], ground.clock())) == 2
        assert not sessions.end(db, mine["id"], mine["id"])
        assert sessions.end(db, owner["user_id"], mine["id"])
    assert seat_of(ground, token) is None


def test_the_password_is_asked_again_before_secrets_are_shown(ground, owner, clock):
    clock.now += timedelta(hours=1)
    with pytest.raises(Wrong):
        entering.confirm(ground, owner, "wrong", HOME)
    entering.confirm(ground, owner, PASSWORD, HOME)
    with ground.database.begin() as db:
        kept = row(db, "SELECT confirmed_at FROM sessions WHERE id = :id", id=owner["id"])
    assert kept["confirmed_at"] == clock.now


def test_an_invitation_brings_one_person_in_once(ground, owner):
    with ground.database.begin() as db:
        link = team.invite(db, owner, "Tom@example.com", "editor", ground.clock())
    token = team.accept(ground, link, "Tom", "a long sentence of mine", "en", HOME)
    seat = seat_of(ground, token)
    assert (seat["email"], seat["role"], seat["workspace"]) == (
        "tom@example.com", "editor", "Maison Lune",
    )  # fmt: skip
    with pytest.raises(team.HasEnded):
        team.accept(ground, link, "Tom", "a long sentence of mine", "en", HOME)


def test_an_invitation_ends_after_a_week_when_withdrawn_and_when_a_newer_one_was_sent(
    ground, owner, clock
):
    with ground.database.begin() as db:
        first_link = team.invite(db, owner, "tom@example.com", "viewer", ground.clock())
        second_link = team.invite(db, owner, "tom@example.com", "viewer", ground.clock())
    with pytest.raises(team.HasEnded):
        team.accept(ground, first_link, "Tom", "a long sentence of mine", "en", HOME)
    clock.now += timedelta(days=8)
    with pytest.raises(team.HasEnded):
        team.accept(ground, second_link, "Tom", "a long sentence of mine", "en", HOME)


def test_who_has_an_account_joins_by_their_own_password_alone(ground, owner, other_workspace):
    with ground.database.begin() as db:
        users.join(db, other_workspace, owner["user_id"], "admin", ground.clock())
        elsewhere = {**owner, "at_workspace": other_workspace}
        link = team.invite(db, elsewhere, "lea@example.com", "viewer", ground.clock())
    with pytest.raises(team.NotAllowed):
        team.accept(ground, link, "Léa", "another long sentence", "fr", HOME)
    assert team.accept(ground, link, "Léa", PASSWORD, "fr", HOME)


def test_the_last_owner_neither_leaves_nor_becomes_less(ground, owner):
    now = ground.clock()
    with ground.database.begin() as db:
        with pytest.raises(team.LastOwner):
            team.take_out(db, owner, owner["user_id"], now)
        with pytest.raises(team.LastOwner):
            team.change_role(db, owner, owner["user_id"], "viewer", now)


def test_an_admin_changes_those_below_and_nobody_above(ground, owner):
    now = ground.clock()
    made = {}
    for name, role in (("ada", "admin"), ("edi", "editor")):
        with ground.database.begin() as db:
            link = team.invite(db, owner, f"{name}@example.com", role, now)
        made[name] = seat_of(
            ground, team.accept(ground, link, name, "some long sentence", "", HOME)
        )
    admin, editor = made["ada"], made["edi"]
    with ground.database.begin() as db:
        team.change_role(db, admin, editor["user_id"], "viewer", now)
        for act in (
            lambda: team.change_role(db, admin, owner["user_id"], "viewer", now),
            lambda: team.change_role(db, admin, editor["user_id"], "admin", now),
            lambda: team.invite(db, admin, "x@example.com", "admin", now),
            lambda: team.take_out(db, editor, admin["user_id"], now),
        ):
            with pytest.raises(team.NotAllowed):
                act()
        team.take_out(db, editor, editor["user_id"], now)  # to leave needs nobody's leave
    assert [m["role"] for m in _team(ground, owner)] == ["owner", "admin"]


def _team(ground, seat):
    with ground.database.begin(seat["at_workspace"]) as db:
        return rows(db, "SELECT role FROM members ORDER BY role DESC")


def test_the_secret_of_an_app_is_sealed_and_no_password_stands_in_a_row(ground, owner):
    secret, codes = protect(ground, owner)
    with ground.database.begin() as db:
        kept = str(dict(row(db, "SELECT * FROM users")))
        user = users.get(db, owner["user_id"])
    assert secret not in kept
    assert PASSWORD not in kept
    assert codes[0] not in kept
    assert users.totp_of(ground.vault, user) == secret
