"""The workspace over the API: what is left out stays, what cannot be is named by its field."""

from typing import Any

import pytest


def test_what_is_left_out_stays_as_it_is(program: Any):
    before = program.get("/workspace").json
    after = program.put("/workspace", {"link_url": "https://lnk.example", "currency": "CHF"}).json
    assert after == {**before, "link_url": "https://lnk.example", "currency": "CHF"}
    assert program.get("/workspace").json == after


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"currency": "XQQ"}, "currency"),
        ({"sender": "Maison Lune Paris"}, "sender"),
        ({"sender": "12"}, "sender"),
        ({"link_url": "http://lnk.example"}, "link_url"),
        ({"link_url": "https://lnk.example/way"}, "link_url"),
        ({"link_url": "https://127.0.0.1"}, "link_url"),
        ({"privacy_url": "javascript:alert(1)"}, "privacy_url"),
        ({"link_domains": ["https://shop.example.com"]}, "link_domains.0"),
        ({"language": "xx"}, "language"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(program: Any, change: Any, field: str):
    answer = program.put("/workspace", change)
    assert answer.status_code == 422, answer.json
    assert [error["field"] for error in answer.json["errors"]] == [field]
