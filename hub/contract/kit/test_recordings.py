"""Recordings as files hold them: signed deliveries, and polled records that nobody signs."""

import json

import pytest

from hub.contract.kit.recordings import NotARecording, read_recording

DELIVERY = {"method": "POST", "headers": {"X-A": "1"}, "body": "{}"}


def _kept(tmp_path, **more):
    path = tmp_path / "order.paid__x.json"
    path.write_text(json.dumps(DELIVERY | more))
    return read_recording(path)


def test_a_delivery_keeps_its_secrets_settings_and_address(tmp_path):
    url = "https://hub.example.com/hooks/x/1?key=2"
    kept = _kept(tmp_path, secrets={"client_secret": "s"}, settings={"account": "7"}, url=url)
    assert (kept.secrets, kept.settings, kept.request.url) == (
        {"client_secret": "s"},
        {"account": "7"},
        url,
    )
    assert not kept.polled


def test_one_secret_is_the_secret_of_the_webhook_even_an_empty_one(tmp_path):
    kept = _kept(tmp_path, secret="")
    assert kept.secrets == {"webhook_secret": ""}
    assert not kept.polled


def test_a_polled_record_says_so(tmp_path):
    assert _kept(tmp_path, polled=True).polled
    assert not _kept(tmp_path).polled


def test_secrets_that_are_no_texts_are_refused_in_words(tmp_path):
    with pytest.raises(NotARecording, match="«secrets» must be an object of texts"):
        _kept(tmp_path, secrets={"client_secret": 1})
