"""Home: a new workspace is led, a running one sees what needs it, and nothing else."""

from hub.store.database import run


def test_a_new_workspace_is_led_to_its_first_message(browser):
    page = browser().get("/")
    for words in ("Connect your shop or CRM", "Connect a carrier", "Nothing. All is well."):
        assert words in page.text


def test_a_running_workspace_sees_what_just_happened_and_how_the_week_goes(browser, furnished):
    page = browser().get("/")
    assert "Connect a carrier" not in page.text
    assert "What just happened" in page.text
    assert f"/messages/{furnished.ids['message_id']}" in page.text
    assert "Messages sent" in page.text


def test_what_needs_somebody_is_said_with_its_way_out(browser, furnished, ground):
    with ground.database.begin() as db:
        run(db, "UPDATE connections SET problem = 'The token has ended.', signed_out = true "
                "WHERE id = :id", id=furnished.ids["connection_id"])  # fmt: skip
        run(db, "UPDATE intakes SET state = 'bad', received_at = :now", now=ground.clock())
    page = browser().get("/")
    assert "must be connected again" in page.text
    assert "The token has ended." in page.text
    assert page.text.index("must be connected again") < page.text.index("could not be understood")
    assert f'href="/connections/{furnished.ids["connection_id"]}"' in page.text
