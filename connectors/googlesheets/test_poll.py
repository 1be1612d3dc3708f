import pytest

from hub.contract import Refused

from .cursor import Known, State
from .poll import MOST_ROWS


def told(events):
    return [(e.type, e.data["text_1"], e.data["status"]) for e in events]


def find(sheet, product):
    """The number of the row that has this product."""
    return next(n for n, row in enumerate(sheet.rows(), 2) if row["Product"] == product)


def test_rows_that_were_there_get_ids_and_are_no_news(hub, sheet):
    assert len(set(sheet.ids())) == 3
    assert hub.poll() == []


def test_a_new_row_is_told_once_with_its_person(hub, sheet):
    sheet.add_row(product="Hat", status="open")
    [event] = hub.poll()
    assert (event.type, event.data["text_1"], event.data["text_2"]) == (
        "row.added",
        "Hat",
        "12,50 €",
    )
    assert event.person.phone.startswith("+33 6 39 98")
    assert event.person.consent is not None
    assert event.subject == event.person.record == f"row:{sheet.ids()[-1]}"
    assert hub.poll() == []


def test_there_and_back_and_there_again_are_three_facts(hub, sheet):
    events = []
    for status in ("ready", "new", "ready"):
        sheet.edit_row(2, status=status)
        events += hub.poll()
    assert [e.data["status"] for e in events] == ["ready", "new", "ready"]
    assert len({e.key for e in events}) == 3


def test_sorting_inserting_and_deleting_rows_is_no_news(hub, sheet):
    sheet.sort_by(down=True)
    sheet.people.insert_row(3)
    sheet.people.delete_row(2)
    assert hub.poll() == []


def test_a_copied_row_is_a_new_one_even_above_its_original(hub, sheet):
    sheet.people.duplicate_row(3, at=2)
    sheet.edit_row(2, product="Copy")
    assert told(hub.poll()) == [("row.added", "Copy", "new")]
    assert len(set(sheet.ids())) == 4


def test_a_row_cut_and_pasted_later_is_no_news_and_its_next_change_is(hub, sheet):
    cut = list(sheet.leads.cells[2])
    sheet.people.delete_row(3)
    assert hub.poll() == []
    sheet.leads.cells.append(cut)
    assert hub.poll() == []
    sheet.edit_row(4, status="paid")
    assert told(hub.poll()) == [("row.changed", "Shirt 2", "paid")]


def test_a_row_is_told_once_its_phone_is_there(hub, sheet):
    row = sheet.add_row(mobile="", e_mail="", product="Hat")
    assert hub.poll() == []
    sheet.edit_row(row, mobile="06 39 98 01 23")
    assert told(hub.poll()) == [("row.added", "Hat", "new")]


def test_columns_that_are_not_mapped_are_no_news(hub, sheet):
    place = sheet.leads.column("Remarks", make=True)
    for row in (1, 2, 3):
        sheet.leads.put(row, place, "seen")
    assert hub.poll() == []


def test_another_mapping_is_no_news_and_later_changes_are(hub, sheet):
    hub.map(column_text_3="Last name")
    assert hub.poll() == []
    sheet.edit_row(2, last_name="Durand")
    assert len(hub.poll()) == 1


def test_columns_may_move(hub, sheet):
    sheet.people.insert_column(1, "Number")
    assert hub.poll() == []


def test_a_sort_in_the_moment_of_our_writing_gives_each_row_its_own_id(hub, sheet):
    before = {row["Product"]: row["Relais ID"] for row in sheet.rows()}
    sheet.add_row(first_name="Aaron", product="Hat")
    sheet.on_next_write(lambda: sheet.sort_by(down=False))
    assert told(hub.poll()) == [("row.added", "Hat", "new")]
    now = {row["Product"]: row["Relais ID"] for row in sheet.rows()}
    assert before.items() <= now.items()
    assert len(set(now.values())) == 4


def test_a_crash_after_ids_landed_on_wrong_rows_is_put_right_by_the_next_reading(hub, sheet):
    kept = sheet.row(sheet.ids()[0])
    sheet.add_row(first_name="Aaron", product="Hat")
    # As a hub leaves it that died between writing and reading back: an old row bears a new id.
    place = sheet.leads.column("Relais ID")
    sheet.leads.put(1, place, "r-aaaaaaaaaa")
    assert told(hub.poll()) == [("row.added", "Hat", "new")]
    assert sheet.row(kept["Relais ID"])["Product"] == kept["Product"]


def test_a_column_inserted_in_the_moment_of_our_writing_keeps_its_cells(hub, sheet):
    sheet.add_row(product="Hat")
    place = sheet.leads.column("Relais ID")
    sheet.leads.put(0, place + 1, "Remarks")
    sheet.leads.put(4, place - 1, "7,00 €")
    sheet.on_next_write(lambda: sheet.people.insert_column(1, "Number"))
    assert told(hub.poll()) == [("row.added", "Hat", "new")]
    row = sheet.rows()[3]
    assert (row["Price"], row["Remarks"]) == ("7,00 €", "")
    assert row["Relais ID"].startswith("r-")


def test_a_title_that_moved_stops_the_reading_before_all_rows_are_new(hub, sheet):
    sheet.leads.put(0, sheet.leads.column("Relais ID"), "Code")
    with pytest.raises(Refused, match="Put it back"):
        hub.poll()


def test_an_id_column_that_was_deleted_is_made_again_for_the_same_rows(hub, sheet):
    before = sheet.ids()
    place = sheet.leads.column("Relais ID")
    for row in sheet.leads.cells:
        del row[place]
    assert hub.poll() == []
    assert sheet.ids() == before


def test_a_mapped_column_that_is_gone_is_named_and_nothing_is_lost(hub, sheet):
    sheet.add_row(product="Hat")
    place = sheet.leads.column("Product")
    sheet.leads.put(0, place, "Article")
    with pytest.raises(Refused, match="«Product»"):
        hub.poll()
    sheet.leads.put(0, place, "Product")
    assert told(hub.poll()) == [("row.added", "Hat", "new")]


def test_a_column_of_the_merchant_s_own_values_is_never_overwritten(sheet, ctx):
    from .conftest import Reader

    sheet.leads.put(0, 10, "Relais ID")
    sheet.leads.put(1, 10, "order 12")
    with pytest.raises(Refused, match="values of yours"):
        Reader(ctx).poll()
    assert sheet.leads.get(1, 10) == "order 12"


def test_a_row_that_was_emptied_gives_its_id_back(hub, sheet):
    for column in range(10):
        sheet.leads.put(1, column, "")
    assert hub.poll() == []
    assert len(sheet.ids()) == 2


def test_many_rows_come_in_pages_and_each_once(hub, sheet):
    for _ in range(MOST_ROWS + 20):
        sheet.add_row()
    assert len({e.subject for e in hub.poll()}) == MOST_ROWS + 20
    assert hub.poll() == []


def test_five_thousand_rows_fit_a_cursor():
    rows = {f"r-{n:010d}": Known("0" * 12) for n in range(5_000)}
    kept = State("6847f1a0", "12345678", rows).dump()
    assert len(kept) < 130_000
    assert State.load(kept).dump() == kept


@pytest.mark.parametrize("kept", ["x", "[]", "{}", "[1,2,3,4]", '["","","a",""]'])
def test_a_cursor_that_is_not_ours_is_refused_in_words(hub, kept):
    hub.cursor = kept
    with pytest.raises(Refused, match=r"\.$"):
        hub.poll()


def test_a_quiet_minute_costs_two_calls(hub, sheet):
    before = sheet.api_calls
    hub.poll()
    assert sheet.api_calls - before == 2


def test_a_link_with_a_gid_follows_its_worksheet_through_a_new_name(hub, sheet):
    hub.map(sheet=hub.ctx.settings["sheet"] + "#gid=0")
    sheet.people.rename_worksheet("Clients d'été")
    sheet.add_row(product="Hat")
    assert told(hub.poll()) == [("row.added", "Hat", "new")]
