"""`hub campaign`: from a file to phones, counted first, and never twice."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hub.contract import utc_now
from hub.local.stage import HandClock
from hub.local.testing import Installed, Road
from hub.store import audit, templates
from hub.store.database import rows
from hub.store.ground import Ground

TEXT = "{{ brand }} : -20 % ce week-end, {{ first_name }} !"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Three people, one of whom said no, and a line that is nobody's."""
    path = tmp_path / "people.csv"
    path.write_text(
        "Portable;Prénom;consent;consent_at\n06 39 98 00 01;Zoé;oui;2026-05-31\n"
        "06 39 98 00 02;Anna;non;2026-05-31\n06 39 98 00 03;Luca;oui;2026-05-31\n12;Nobody;;\n",
        "utf-8",
    )
    return path


@pytest.fixture
def sale(ground: Ground, workspace: UUID) -> None:
    """The template to be sent."""
    with ground.database.begin() as db:
        templates.save(db, workspace, "sale", kind="marketing", title="S", texts={"fr": TEXT})


@pytest.mark.usefixtures("sale")
def test_a_file_is_counted_asked_about_sent_and_never_sent_again(
    hub: Any, people: Path, carrier: Installed, road: Road, ground: Ground, clock: HandClock,
    token_of: Any,
):  # fmt: skip
    clock.now = utc_now() + timedelta(minutes=1)  # commands go by the real one
    words = ("campaign", str(people), "--template", "sale", "--column", "phone=Portable")
    refused = hub(*words)
    assert "3 people (FR 3), marketing messages." in refused.stdout
    assert "Consent in the file: 2 yes, 1 no, 0 silent." in refused.stdout
    assert refused.exit_code == 1  # nobody answered the question
    assert "3 messages planned" in hub(*words, "--yes").stdout
    assert people.with_suffix(".errors.csv").read_text("utf-8").splitlines()[1].startswith("5,")
    road.walk()
    inboxes = [carrier.simulator.inbox(f"+3363998000{n}") for n in (1, 2, 3)]
    assert [len(inbox) for inbox in inboxes] == [1, 0, 1]
    assert "Nothing is sent twice" in hub(*words, "--yes").stdout
    with ground.database.begin() as db:
        zoe = token_of("+33639980001")
        (one,) = rows(db, "SELECT id FROM messages WHERE phone = :zoe", zoe=zoe)
        assert "639980001" not in str(rows(db, "SELECT * FROM messages, people, consents"))
        assert [line["what"] for line in audit.listed(db, 9)] == ["campaign.send"]
    assert "a campaign: «sale»" in hub("explain", str(one["id"])).output


@pytest.mark.usefixtures("sale")
def test_a_campaign_is_stopped_by_its_file(hub: Any, people: Path, ground: Ground):
    words = ("campaign", str(people), "--template", "sale", "--column", "phone=Portable")
    hub(*words, "--yes", "--at", "2099-01-01")
    assert "Stopped: 3 messages" in hub(*words, "--cancel").stdout
    with ground.database.begin() as db:
        assert {m["state"] for m in rows(db, "SELECT state FROM messages")} == {"cancelled"}
        assert audit.listed(db, 9)[0]["what"] == "campaign.cancel"


@pytest.mark.usefixtures("sale")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--template", "none"), "There is no template «none»"),
        (("--template", "sale", "--column", "town=Ville"), "«town» is no part"),
        (("--template", "sale"), "No column holds the phone"),
        (("--template", "sale", "--cancel"), "never sent"),
    ],
)
def test_what_cannot_be_sent_is_said_in_words(
    hub: Any, people: Path, more: tuple[str, ...], said: str
):
    told = hub("campaign", str(people), *more)
    assert told.exit_code == 1
    assert said in told.output
