from dataclasses import replace

import pytest

from hub.contract import Refused, Throttled
from hub.contract.kit.sign_in import SignIn

from . import account, audience, preview, signing
from .book.people import HEADER
from .client import spreadsheet_id
from .columns import columns_of
from .grid import Grid
from .simulator import BOOK
from .transport import error_of


def test_the_sheet_is_found_in_a_pasted_link_or_given_by_its_id():
    link = f"https://docs.google.com/spreadsheets/d/{BOOK}/edit?usp=sharing#gid=0"
    assert spreadsheet_id({"sheet": link}) == spreadsheet_id({"sheet": f" {BOOK} "}) == BOOK
    for wrong in ("", "my sheet", "https://example.com/"):
        with pytest.raises(Refused, match="link"):
            spreadsheet_id({"sheet": wrong})


@pytest.mark.parametrize(
    ("header", "phone", "first_name"),
    [
        (["Vorname", "Handynummer"], 1, 0),
        (["Prénom", "Nom", "N° portable", "Portable"], 3, 0),
        (["NOMBRE", "Móvil"], 1, 0),
        (["Cellulare", "Nome"], 0, 1),
        (["Name", "Phone number"], 1, 0),
    ],
)
def test_usual_names_are_found_in_five_languages(header, phone, first_name):
    at = columns_of(Grid("Leads", 0, [header]), {}).at
    assert (at["phone"], at["first_name"]) == (phone, first_name)


def test_a_column_of_ours_is_never_read_as_the_merchant_s():
    grid = Grid("Leads", 0, [["Phone", "Relais status"]])
    columns = columns_of(grid, {"column_status": "Relais status"})
    assert "status" not in columns.at
    assert "belongs to Relais" in columns.missing[0]


def test_the_check_names_the_sheet_and_lacks_nothing(ctx):
    found = account.check(ctx)
    assert (found.label, found.id, found.lacks) == ("Customers 2026 / Leads", BOOK, ())


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda s: s.share("reader"), "editor"),
        (lambda s: s.people.protect(1, 30), "protected"),
        (lambda s: s.leads.put(0, 0, "Mobile"), "Two columns"),
        (lambda s: s.leads.put(0, 8, "Article"), "«Product»"),
    ],
)
def test_the_check_says_what_will_not_work(ctx, sheet, spoil, words):
    spoil(sheet)
    assert any(words in lack for lack in account.check(ctx).lacks)


def test_the_check_changes_no_cell(ctx, sheet):
    before = [list(row) for row in sheet.leads.cells]
    account.check(ctx)
    assert sheet.leads.cells == before


def test_a_worksheet_that_is_not_there_is_named_with_those_that_are(ctx):
    with pytest.raises(Refused, match=r"«Clients»\. There is «Leads»"):
        account.check(replace(ctx, settings={**ctx.settings, "worksheet": "Clients"}))


def test_the_preview_shows_five_rows_and_what_is_wrong_with_them(ctx, sheet):
    sheet.edit_row(2, mobile="3.36E+10")
    sheet.edit_row(3, mobile="call me")
    for _ in range(5):
        sheet.add_row()
    found = preview.preview(ctx)
    assert len(found.rows) == 5
    assert found.columns[0] == "phone (Mobile)"
    assert found.rows[2][0] == "+33*******03"
    assert any("Row 2" in words and "digits are lost" in words for words in found.words)
    assert any("row 3 is the first" in words for words in found.words)


def test_the_choices_are_the_worksheets_and_the_headers(ctx):
    assert preview.options(ctx, "worksheet") == [("Leads", "Leads")]
    assert [title for title, _ in preview.options(ctx, "column_phone")] == list(HEADER)


def test_people_are_read_page_by_page_though_rows_move(ctx, sheet):
    for _ in range(1_200):
        sheet.add_row()
    [(number, _)] = audience.lists(ctx)
    found, cursor, more = [], "", True
    while more:
        page = audience.people(ctx, number, cursor)
        found, cursor, more = [*found, *page.people], page.cursor, page.more
        sheet.sort_by("Product", down=len(found) % 2 == 0)
        sheet.people.insert_row(2)
    assert len({person.email for person in found}) == len(found) == 1_203
    assert all(person.consent and person.consent.granted for person in found)


def test_a_service_account_s_key_opens_the_sheet_whatever_address_stands_in_it(ctx, sheet):
    form = signing.token_form(ctx.settings, sheet.typed("service_account"), ctx.clock())
    status, found = sheet.sign_in.token(form)
    assert status == 200, found
    secrets = {"access_token": found["access_token"]}
    assert account.check(replace(ctx, secrets=secrets)).label


@pytest.mark.parametrize("pasted", ["", "x", "[]", '{"client_email": "a"}', "[" * 100_000])
def test_a_key_that_is_none_is_refused_in_words(pasted):
    with pytest.raises(Refused, match="whole JSON file"):
        signing.token_form({}, {"service_account_json": pasted}, SignIn().clock())


def test_a_403_for_too_many_calls_waits_and_loses_no_sign_in():
    for error in ({"status": "RESOURCE_EXHAUSTED"}, {"errors": [{"reason": "rateLimitExceeded"}]}):
        assert isinstance(error_of(403, error), Throttled)
    off = error_of(403, {"message": "Google Sheets API has not been used in project 1 before"})
    assert "switched off" in off.words
