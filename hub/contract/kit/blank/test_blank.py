"""What the kit cannot know about this vendor."""

import pytest

from hub.contract import Ignored, Request

from .events import parse


def _parse(body: bytes):
    return parse(Request("POST", {}, body), {})


def test_an_event_of_no_use_is_ignored_with_its_name():
    parsed = _parse(b'{"type":"invoice.sent"}')
    assert isinstance(parsed, Ignored)
    assert "invoice.sent" in parsed.reason


def test_a_change_without_a_time_zone_is_refused():
    body = b'{"type":"contact.changed","id":"7","version":1,"changed_at":"2026-06-12T14:30:00"}'
    with pytest.raises(ValueError, match="time zone"):
        _parse(body)
