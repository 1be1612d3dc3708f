import json

import pytest
import requests

from hub.contract.kit.simulator import serve

from .simulator import BOOK, Simulator


@pytest.fixture
def called():
    sheet = Simulator()
    with serve(sheet) as served:

        def call(verb, path, body=None, **query):
            url = f"{served.url}/v4/spreadsheets/{path}"
            signed = {"Authorization": f"Bearer {sheet.secrets()['access_token']}"}
            return requests.request(verb, url, params=query, json=body, headers=signed, timeout=5)

        yield sheet, call


def put(call, option, values, area="Leads!A2"):
    body = {"valueInputOption": option, "data": [{"range": area, "values": values}]}
    return call("POST", f"{BOOK}/values:batchUpdate", body)


def test_typed_values_are_spoilt_and_raw_ones_are_not(called):
    sheet, call = called
    assert put(call, "USER_ENTERED", [["+33639980123", "=1+1"]]).ok
    assert sheet.rows()[0]["First name"] == 33639980123
    assert sheet.formulas_run == 1
    assert put(call, "RAW", [["+33639980123", "=1+1", None]]).ok
    assert sheet.rows()[0]["First name"] == "+33639980123"
    assert sheet.rows()[0]["Mobile"].startswith("+33 6")
    assert sheet.formulas_run == 1


def test_requests_outside_of_the_discovery_document_are_refused(called):
    _, call = called
    wrong = {"valueInputOption": "RAW", "rows": []}
    assert call("POST", f"{BOOK}/values:batchUpdate", wrong).status_code == 400
    answer = call("GET", f"{BOOK}/values:batchGet", ranges="Leads", valueRenderOption="PLAIN")
    assert answer.status_code == 400
    assert call("GET", f"{BOOK}/cells").status_code == 404


def test_a_batch_is_written_whole_or_not_at_all(called):
    sheet, call = called
    before = json.dumps(sheet.rows(), default=str)
    data = [{"range": a, "values": [["x"]]} for a in ("Leads!A2", "Leads!ZZ1")]
    body = {"valueInputOption": "RAW", "data": data}
    answer = call("POST", f"{BOOK}/values:batchUpdate", body)
    assert answer.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert json.dumps(sheet.rows(), default=str) == before


def test_a_worksheet_s_range_is_its_whole_grid_and_its_values_end_with_what_is_used(called):
    _, call = called
    [found] = call("GET", f"{BOOK}/values:batchGet", ranges="'Leads'").json()["valueRanges"]
    assert found["range"] == "Leads!A1:Z1000"
    assert len(found["values"]) == 4
    assert found["values"][1][-1] == "12,50 €"


def test_an_append_repeated_stands_twice(called):
    sheet, call = called
    for _ in range(2):
        path = f"{BOOK}/values/Leads!A1:append"
        assert call("POST", path, {"values": [["Zoë"]]}, valueInputOption="RAW").ok
    assert [row["First name"] for row in sheet.rows()][-2:] == ["Zoë", "Zoë"]


def test_sixty_a_minute_and_no_more(called):
    sheet, call = called
    sheet.limit(2)
    answers = [call("GET", BOOK).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_a_worksheet_is_found_by_its_quoted_name_only(called):
    sheet, call = called
    sheet.people.rename_worksheet("L'été")
    assert call("GET", f"{BOOK}/values/'L''été'!A1:B2").ok
    answer = call("GET", f"{BOOK}/values/Leads!A1:B2")
    assert "Unable to parse range" in answer.json()["error"]["message"]
