"""The inbox: what needs an answer, answered once, by one of the team, by the usual road."""

import re
from datetime import timedelta

import pytest

from hub.store import threads
from hub.store.database import row, rows, run
from hub.web.pages.conftest import AGREED, STOPPED


@pytest.fixture
def phone_of(ground):
    """`phone_of(words)`: whose reply these words are."""

    def one(words):
        with ground.database.begin() as db:
            return row(db, "SELECT phone FROM replies WHERE body = :words", words=words)["phone"]

    return one


@pytest.fixture
def asked(ground, furnished, phone_of):
    """The thread of somebody who asked a question; nobody outside listens to what happens."""
    with ground.database.begin() as db:
        run(db, "DELETE FROM tellings")
        run(db, "DELETE FROM endpoints")
    return phone_of("Do you have it in blue?")


def fields(page):
    """What the answer's form brings back beside the text."""
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]
        for name in ("key", "seen", "upto")
    }


def write(furnished, road, clock, words):
    """They write this, five minutes later."""
    clock.move(minutes=5)
    furnished.carrier.simulator.answer(AGREED, words)
    road.walk()


def sent(ground):
    with ground.database.begin() as db:
        return rows(db, """SELECT m.* FROM messages m JOIN templates t ON t.id = m.template_id
            WHERE t.slug = 'inbox-answer' ORDER BY m.id""")  # fmt: skip


def test_a_question_needs_an_answer_and_a_stop_does_not(browser, furnished, asked, phone_of):
    page = browser().get("/inbox")
    assert f"/inbox/{asked}" in page.text
    assert f"/inbox/{phone_of('STOP')}" not in page.text
    assert "1 person waits for an answer" in page.text
    everything = browser().get("/inbox?tab=all").text
    assert "STOP understood" in everything


def test_an_answer_goes_once_by_the_usual_road(browser, ground, asked, road, furnished):
    desk = browser("editor")
    form = fields(desk.get(f"/inbox/{asked}"))
    assert "on its way" in desk.post(f"/inbox/{asked}/answer", text="Yes, in blue.", **form).text
    assert "sent already" in desk.post(f"/inbox/{asked}/answer", text="Yes, in blue.", **form).text
    road.walk()
    (message,) = sent(ground)
    assert (message["body"], message["kind"]) == ("Yes, in blue.", "transactional")
    assert message["state"] in ("sent", "delivered")
    assert message["decision_id"] is not None
    page = desk.get(f"/inbox/{asked}").text
    assert "Answered by Léa Martin" in page
    assert "Nobody waits for an answer" in desk.get("/inbox").text
    assert asked in desk.get("/inbox?tab=done").text


def test_the_second_of_two_who_answer_is_told_and_loses_no_word(browser, ground, asked):
    first, second = browser("owner"), browser("editor")
    mine, theirs = (fields(one.get(f"/inbox/{asked}")) for one in (first, second))
    first.post(f"/inbox/{asked}/answer", text="In blue, yes.", **mine)
    told = second.post(f"/inbox/{asked}/answer", text="No, sorry.", **theirs)
    assert told.status_code == 409
    assert "answered while you wrote" in told.text
    assert "No, sorry." in told.text
    assert len(sent(ground)) == 1
    second.post(f"/inbox/{asked}/answer", text="No, sorry.", **fields(told))
    assert len(sent(ground)) == 2


def test_what_cannot_be_sent_says_why_and_what_can_is_counted(browser, ground, asked):
    desk = browser()
    form = fields(desk.get(f"/inbox/{asked}"))
    empty = desk.post(f"/inbox/{asked}/answer", text="  ", **form)
    assert (empty.status_code, "Write an answer first" in empty.text) == (422, True)
    long = desk.post(f"/inbox/{asked}/answer", text="x" * 481, **form)
    assert (long.status_code, "too long" in long.text) == (422, True)
    assert "1 part" in desk.post(f"/inbox/{asked}/count", text="Bonjour").text
    desk.get(f"/inbox/{asked}")
    assert "2 parts" in desk.post(f"/inbox/{asked}/count", text="é" * 161).text
    assert sent(ground) == []


def test_nobody_who_said_stop_is_written_to(browser, ground, furnished, phone_of):
    stopped, desk = phone_of("STOP"), browser()
    page = desk.get(f"/inbox/{stopped}")
    assert "They said STOP" in page.text
    assert "answer-form" not in page.text.replace('form="answer-form"', "")
    refused = desk.post(f"/inbox/{stopped}/answer", text="Come back!", seen="")
    assert refused.status_code == 422
    assert sent(ground) == []


def test_what_is_settled_holds_until_they_write_again(browser, asked, furnished, road, clock):
    desk = browser()
    desk.get(f"/inbox/{asked}")
    desk.post(f"/inbox/{asked}/done")
    assert "Nobody waits for an answer" in desk.get("/inbox").text
    write(furnished, road, clock, "And in green?")
    assert "And in green?" in desk.get("/inbox").text
    assert asked not in desk.get("/inbox?tab=done").text
    seen_before = fields(desk.get(f"/inbox/{asked}"))
    write(furnished, road, clock, "Or in red?")
    desk.post(f"/inbox/{asked}/answer", text="In green, yes.", **seen_before)
    assert "Or in red?" in desk.get("/inbox").text


def test_a_thread_is_assigned_taken_back_and_opened_again(browser, asked, furnished, phone_of):
    desk, stopped = browser("editor"), phone_of("STOP")
    desk.get(f"/inbox/{asked}")
    user = str(furnished.ids["user_id"])
    assert "looks after it now" in desk.post(f"/inbox/{asked}/assign", assignee=user).text
    assert asked in desk.get("/inbox?tab=mine").text
    desk.post(f"/inbox/{asked}/assign", assignee="")
    assert "No thread is assigned to you" in desk.get("/inbox?tab=mine").text
    desk.post(f"/inbox/{stopped}/reopen")
    assert stopped in desk.get("/inbox").text
    assert (
        desk.post(f"/inbox/{asked}/assign", assignee=str(furnished.workspace_id)).status_code == 404
    )


def test_a_viewer_sees_no_whole_number_and_no_stranger_sees_anything(
    browser, asked, furnished, other_workspace
):
    page = browser("viewer").get(f"/inbox/{asked}")
    assert AGREED not in page.text
    assert "<textarea" not in page.text
    assert AGREED in browser("owner").get(f"/inbox/{asked}").text
    assert browser("owner", at=other_workspace).get(f"/inbox/{asked}").status_code == 404
    assert browser("viewer").post(f"/inbox/{asked}/done").status_code == 403


def test_only_what_changed_is_sent_again_and_an_old_thread_is_not_answered(
    browser, ground, furnished, asked, clock
):
    desk = browser()
    mark = desk.get("/inbox").text.split('data-mark="')[1].split('"')[0]
    assert desk.get(f"/inbox/live?tab=needs&mark={mark}").status_code == 204
    assert desk.get("/inbox/live?tab=needs&mark=old").status_code == 200
    with ground.database.begin(furnished.workspace_id) as db:
        assert threads.open_count(db, furnished.workspace_id) == 1
        assert threads.open_count(db, furnished.workspace_id, most=0) == 0
    assert STOPPED not in desk.get("/inbox").text
    clock.now += timedelta(days=31)
    assert "more than 30 days ago" in browser().get(f"/inbox/{asked}").text
