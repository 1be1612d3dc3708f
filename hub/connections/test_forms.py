"""What a person types as an address is read before anything calls it."""

import pytest

from hub.connections import forms
from hub.contract.addresses import EVERYTHING


@pytest.fixture
def addressed(found, cast):
    """A connector with an address among its settings, and that setting's name."""
    connector = next(e.connector for e in found.entries if e.slug == cast["phones"])
    return connector, next(f.name for f in connector.settings if f.kind == "url")


@pytest.mark.parametrize(
    "typed", ["https://169.254.169.254/latest", "https://localhost:9000", "file:///etc/passwd",
              "http://shop.example.com", "https://a@127.0.0.1", "https://[::ffff:10.0.0.1]"]
)  # fmt: skip
def test_an_address_into_the_house_is_refused_at_its_field(addressed, monkeypatch, typed):
    monkeypatch.setattr(forms, "opened_inwards", tuple)
    connector, name = addressed
    _, problems = forms.filled_in(connector, {name: typed})
    assert [field for field, _ in problems if field == name] == [name]


def test_one_on_the_internet_is_taken_and_what_the_operator_opened_too(addressed, monkeypatch):
    connector, name = addressed
    monkeypatch.setattr(forms, "opened_inwards", tuple)
    assert name not in dict(forms.filled_in(connector, {name: "https://api.example.com"})[1])
    assert name in dict(forms.filled_in(connector, {name: "http://10.4.0.2:13013"})[1])
    monkeypatch.setattr(forms, "opened_inwards", lambda: EVERYTHING)
    assert name not in dict(forms.filled_in(connector, {name: "http://10.4.0.2:13013"})[1])


def test_every_usual_address_of_a_connector_may_be_called(found, monkeypatch):
    monkeypatch.setattr(forms, "opened_inwards", tuple)
    near = []
    for entry in found.entries:
        fields = [f for f in entry.connector.settings if f.kind == "url" and f.default]
        problems = dict(forms.filled_in(entry.connector, {})[1])
        near += [(entry.slug, f.name) for f in fields if f.name in problems]
    # Processes of the operator's own, beside the hub.
    assert {name for _, name in near} <= {"bind_url", "sendsms_url"}
