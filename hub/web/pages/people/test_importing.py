"""People from a file: guessed columns, evidence, what is refused, and that twice is harmless."""

import io
from itertools import pairwise

import pytest
from openpyxl import Workbook

from hub.contract import Phone
from hub.intake import bringing, table
from hub.intake.by_hand import say
from hub.store.database import rows

HEAD = "Vorname;Nachname;Handynummer;E-Mail;Einwilligung\n"
LINES = (
    "Anna;Weiß;+33 6 39 98 00 21;anna@example.com;ja\n"
    "Ben;Koch;06 39 98 00 22;;nein\n"
    "Cem;Kaya;+33 6 39 98 00 23;;ja\n"
    "Dora;;hello;;ja\n"
    "Anna;Weiß;0639980021;;ja\n"
    "Emil;;06 39 98 00 24;;vielleicht\n"
)
EVIDENCE = {"where": "Sign-up form", "since": "2020-03-01", "wording": "News by text",
            "country": "FR"}  # fmt: skip
COLUMNS = {"column_first_name": "0", "column_last_name": "1", "column_phone": "2",
           "column_email": "3", "column_consent": "4"}  # fmt: skip


@pytest.fixture
def upload(browser):
    """`upload(data, name)`: the browser, the page that comes of it, and the file's id."""

    def one(data, name="people.csv"):
        web = browser()
        web.get("/people/import")
        answer = web.post("/people/import", file=(io.BytesIO(data), name))
        return web, answer, answer.request.args.get("file", "")

    return one


@pytest.fixture
def known(ground, workspace):
    """`known()`: everybody's first name with the last word of consent."""

    def one():
        with ground.database.begin(workspace) as db:
            found = rows(
                db,
                """SELECT first_name, (SELECT array_agg(verdict ORDER BY verdict) FROM consents c
                       WHERE c.phone = p.phone) AS words FROM people p""",
            )
        return {r["first_name"]: r["words"] for r in found}

    return one


def test_a_file_is_guessed_shown_brought_in_once_and_forgotten(
    upload, known, ground, workspace, clock
):
    with ground.database.begin(workspace) as db:
        say(db, ground.vault, workspace, Phone.of("+33639980023"), verdict="stopped",
            source="desk", wording="", said_at=clock(), now=clock())  # fmt: skip
    web, page, file = upload((HEAD + LINES).encode("cp1252"))
    assert '<option value="2" selected>Handynummer' in page.text
    assert known() == {}
    web.page = page
    bare = web.post("/people/import/one", file=file, country="FR", **COLUMNS).text
    assert "2 agreed, the file says, but not where and since when" in bare
    shown = web.post("/people/import/one", file=file, **EVIDENCE, **COLUMNS).text
    assert "1 of them said STOP and stays stopped" in shown
    assert "Bring in 3 people" in shown
    assert known() == {}
    errors = web.get(f"/people/import/errors.csv?file={file}").text
    assert [line in errors for line in ('"5"', '"6"', '"7"', "hello")] == [True, True, True, False]
    web.page = page
    done = web.post("/people/import/run", file=file).text
    assert "3 people are in." in done
    assert known() == {"Anna": ["granted"], "Ben": ["withdrawn"], "Cem": ["granted", "stopped"]}
    web.page = page
    web.post("/people/import/run", file=file)
    assert len(known()) == 3
    with ground.database.begin(workspace) as db:
        [kept] = rows(db, "SELECT sealed, state FROM imports")
        [word] = rows(db, "SELECT source, wording FROM consents WHERE verdict = 'withdrawn'")
    assert (bytes(kept["sealed"]), kept["state"]) == (b"", "done")
    assert (word["source"], word["wording"]) == ("Sign-up form", "News by text")


def test_a_long_workbook_comes_in_by_batches_and_goes_on_where_it_was(
    upload, known, monkeypatch, browser, other_workspace
):
    monkeypatch.setattr(bringing, "EACH", 2)
    book = Workbook()
    book.active.append(["Prénom", "Mobile"])
    for n in range(5):
        book.active.append([f"P{n}", 33639980030 + n])
    kept = io.BytesIO()
    book.save(kept)
    web, page, file = upload(kept.getvalue(), "people.xlsx")
    web.page = page
    web.post("/people/import/one", file=file, country="", column_first_name="0", column_phone="1",
             everyone="1")  # fmt: skip
    assert "without that nobody is marked as agreed" in web.page.text
    web.page = page
    web.post("/people/import/one", file=file, country="FR", column_first_name="0",
             column_phone="1")  # fmt: skip
    came = []
    for _ in range(3):
        web.page = page
        web.post("/people/import/run", file=file)
        came.append(len(known()))
    assert [later - earlier for earlier, later in pairwise([0, *came])] == [2, 2, 1]
    assert browser(at=other_workspace).get(f"/people/import/one?file={file}").status_code == 404


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"phone\n", "alone"),
        (b"phone,x\n\x00,\x00\n", "text"),
        (b"PK\x03\x04 nothing", "broken"),
        (b"phone\n" + b"1\n" * (table.MOST_LINES + 1), "many"),
        (b",".join([b"c"] * 70) + b"\n1\n", "wide"),
    ],
)
def test_what_is_no_table_of_people_is_refused_with_its_reason(data, why):
    with pytest.raises(table.Unreadable) as refused:
        table.read(data)
    assert refused.value.why == why
