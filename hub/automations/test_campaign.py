"""A campaign: every person of a file once, whatever happens on the way."""

import pytest

from hub.automations.campaign import Campaign, Cancelled, one_ahead
from hub.automations.campaign_file import Bad, BadFile, CampaignFile, Line
from hub.automations.campaign_survey import survey
from hub.automations.judge import judge
from hub.store import campaigns, consent, decisions, people, records, sending, templates, workspaces
from hub.store.database import rows

HEAD = "phone,first_name,consent,consent_at\n"
PEOPLE = [f"+33 6 39 98 {n // 100:02d} {n % 100:02d},Zoé {n},yes,2026-05-31" for n in range(30)]


@pytest.fixture
def sold(ground, workspace):
    """A marketing template to be sent."""
    with ground.database.begin() as db:
        templates.save(
            db, workspace, "sale", kind="marketing", title="Sale",
            texts={"fr": "{{ brand }} : -20 % ce week-end, {{ first_name }} !"},
        )  # fmt: skip
        return templates.get(db, workspace, "sale")


@pytest.fixture
def written(tmp_path):
    """`written(lines)` is a file with these lines under the usual heading."""

    def write(lines=PEOPLE, head=HEAD, **more):
        path = tmp_path / "people.csv"
        path.write_text(head + "\n".join(lines) + "\n", "utf-8")
        return CampaignFile(path, "FR", **more)

    return write


@pytest.fixture
def begun(ground, workspace, sold):
    """`begun(file)` is the campaign of that file, ready to be poured."""

    def begin(file):
        now = ground.clock()
        with ground.database.begin() as db:
            row = campaigns.begin(db, workspace, "sale", file.digest(), sold, now, now)
            shop = workspaces.get(db, workspace)
        return Campaign(row, shop, sold, file, ground.vault)

    return begin


def _planned(ground):
    with ground.database.begin() as db:
        return list(rows(db, "SELECT * FROM messages ORDER BY phone"))


def test_each_person_gets_one_message_judged_when_it_leaves(ground, begun, written, token_of):
    assert begun(written()).pour(ground.database, ground.clock) == 30
    planned = _planned(ground)
    assert {m["state"] for m in planned} == {"scheduled"}
    variables = {m["phone"]: m["variables"] for m in planned}[token_of("+33639980003")]
    assert variables == {"first_name": "Zoé 3", "last_name": "", "brand": "Maison Lune"}
    with ground.database.begin() as db:
        due = sending.claim(db, "marketing", ground.clock(), 100)
        verdicts = judge(db, due, ground.clock())
    assert {v.action for v in verdicts.values()} == {"send"}


def test_one_decision_stands_for_all_of_its_messages(ground, begun, written):
    campaign = begun(written())
    campaign.pour(ground.database, ground.clock)
    assert {m["decision_id"] for m in _planned(ground)} == {campaign.row["id"]}
    with ground.database.begin() as db:
        made = decisions.get(db, campaign.shop["id"], campaign.row["id"])
    assert (made["action"], made["message_id"]) == ("send", None)


def test_a_chunk_leaves_in_the_order_it_lies_in(ground, begun, written):
    begun(written()).pour(ground.database, ground.clock)
    planned = [m["id"] for m in _planned(ground)]  # by number
    assert planned == sorted(planned)
    assert {one.version for one in planned} == {7}


def test_a_person_keeps_what_the_file_leaves_empty(ground, workspace, begun, written, token_of):
    begun(written(["+33639980001,Ada,,"])).pour(ground.database, ground.clock)
    begun(written(["+33639980001,,,", "+33639980002,Bo,,"])).pour(ground.database, ground.clock)
    with ground.database.begin() as db:
        ada, bo = (people.get(db, workspace, token_of(f"+3363998000{n}")) for n in (1, 2))
    assert (ada["first_name"], bo["first_name"]) == ("Ada", "Bo")


def test_a_no_in_the_file_is_told_to_the_systems_that_know_the_person(
    ground, workspace, shop, begun, written, token_of
):
    known = {"workspace_id": workspace, "connection_id": shop.connection_id, "record": "customer:1"}
    with ground.database.begin() as db:
        records.keep_all(db, [known | {"phone": token_of("+33639980001")}], ground.clock())
    said = ["+33639980001,A,no,2026-05-31", "+33639980002,B,no,2026-05-31"]
    begun(written(said)).pour(ground.database, ground.clock)
    with ground.database.begin() as db:
        told = rows(db, "SELECT outcome FROM write_backs")
    assert [t["outcome"]["record"] for t in told] == ["customer:1"]


def test_what_is_made_ahead_comes_in_order_and_its_errors_too():
    def made():
        yield from (1, 2, 3)
        raise BadFile("here")

    ahead = one_ahead(made())
    assert [next(ahead) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(BadFile, match="here"):
        next(ahead)


def test_whoever_withdrew_or_never_agreed_is_skipped_at_the_last_look(ground, begun, written):
    said = ["+33639980001,A,no,2026-05-31", "+33639980002,B,,", "+33639980003,C,yes,2026-05-31"]
    begun(written(said)).pour(ground.database, ground.clock)
    with ground.database.begin() as db:
        due = sending.claim(db, "marketing", ground.clock(), 100)
        verdicts = judge(db, due, ground.clock())
    actions = {m["variables"]["first_name"]: verdicts[m["id"]].action for m in due}
    assert actions == {"A": "skip", "B": "skip", "C": "send"}


def test_the_same_file_again_plans_nothing_and_says_nothing_twice(
    ground, workspace, begun, written, token_of
):
    file = written()
    begun(file).pour(ground.database, ground.clock)
    assert begun(file).pour(ground.database, ground.clock) == 0
    assert len(_planned(ground)) == 30
    with ground.database.begin() as db:
        assert len(consent.history(db, workspace, token_of("+33639980003"))) == 1


def test_a_campaign_that_died_half_way_goes_on_where_it_stood(ground, begun, written, monkeypatch):
    monkeypatch.setattr("hub.automations.campaign.CHUNK", 7)
    file = written()

    def die(line):
        if line > 15:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begun(file).pour(ground.database, ground.clock, die)
    half = len(_planned(ground))
    assert begun(file).pour(ground.database, ground.clock) == 30 - half
    assert len({m["phone"] for m in _planned(ground)}) == len(_planned(ground)) == 30


def test_a_line_is_the_same_message_even_if_the_place_was_forgotten(ground, begun, written):
    file = written()
    begun(file).pour(ground.database, ground.clock)
    with ground.database.begin() as db:
        rows(db, "UPDATE campaigns SET line = 0, state = 'open' RETURNING 1")
    assert begun(file).pour(ground.database, ground.clock) == 0


def test_a_stopped_campaign_cancels_what_waits_and_plans_no_more(ground, begun, written):
    campaign = begun(written())
    campaign.pour(ground.database, ground.clock)
    with ground.database.begin() as db:
        assert campaigns.cancel(db, campaign.row["id"], ground.clock()) == 30
    assert {m["state"] for m in _planned(ground)} == {"cancelled"}
    with pytest.raises(Cancelled):
        campaign.pour(ground.database, ground.clock)


def test_bad_lines_are_told_with_their_number_and_the_rest_is_used(written):
    file = written([
        "+33639980001,A,yes,2026-05-31", "12,B,,", "06 39 98 00 01,Twice,,",
        "+33639980002,C,perhaps,", "+33639980003,D,yes,", '"+33639980004","E\nof two lines",,',
        "+33639980005,F,yes,soon",
    ])  # fmt: skip
    found = list(file.lines())
    assert [(b.n, b.reason.split(".")[0].split(":")[0]) for b in found if isinstance(b, Bad)] == [
        (3, "This is not a phone number of its country"),
        (4, "The number stands in line 2 already"),
        (5, "«perhaps» is no consent"),
        (6, "It does not say since when"),
        (9, "«soon» is no date; write it as 2026-05-31"),
    ]
    assert [one.first_name for one in found if isinstance(one, Line)] == ["A", "E\nof two lines"]


@pytest.mark.parametrize(
    ("head", "lines", "words"),
    [
        ("phone,phone\n", ["1,2"], "Two columns are «phone»"),
        ("phone,,\n", ["1,2,3"], "Two columns are without a name"),
        ("name,town\n", ["A,B"], "No column holds the phone"),
        (",".join(f"c{n}" for n in range(201)) + "\n", [], "201 columns"),
        (HEAD, ['+33639980001,"never closed'], "a quote may stay open"),
        ("", [], "must name the columns"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_words(written, head, lines, words):
    with pytest.raises(BadFile, match=words):
        list(written(lines, head=head).lines())


@pytest.mark.parametrize(
    "raw", [b"phone\r+33639980001\r", b"\xef\xbb\xbfphone;nom\r\n0639980001;M"]
)
def test_other_programs_line_ends_and_marks_are_read(tmp_path, raw):
    path = tmp_path / "people.csv"
    path.write_bytes(raw)
    assert [line.phone.e164 for line in CampaignFile(path, "FR").lines()] == ["+33639980001"]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(b"phone,first_name\n+33639980001,A\x00\n")
    assert [type(line) for line in CampaignFile(path, "FR").lines()] == [Bad]
    path.write_bytes(b"phone\n\xff\xfe")
    with pytest.raises(BadFile, match="UTF-8"):
        list(CampaignFile(path, "FR").lines())


def test_a_survey_counts_people_and_what_they_cost(ground, workspace, sold, written):
    with ground.database.begin() as db:
        shop = workspaces.get(db, workspace)
    found = survey(written(), shop, sold)
    assert (found.people, found.parts, found.problem) == (30, 1.0, "")
    assert found.cost({("sms", "FR"): (45_000, "EUR")}, "sms") == {"EUR": "1.35"}
    assert found.consents == {"granted": 30}


def test_a_survey_says_whose_text_cannot_be_written(ground, workspace, sold, written):
    with ground.database.begin() as db:
        shop = workspaces.get(db, workspace)
    asking = {**sold, "texts": {"fr": "{{ order_number }}"}}
    assert survey(written(), shop, asking).problem.startswith("Line 2: ")
