"""Whose callbacks are believed, and who is greeted."""

import base64
import json
from dataclasses import replace

import pytest

from hub.contract import Rejected, Request, Response

from .envelope import greet, signature_of, verify
from .simulator import AGENT, Simulator

_SIMULATOR = Simulator()
_SECRETS = {"agent_id": AGENT, "client_token": _SIMULATOR.client_token}
# openssl dgst -sha512 -hmac SJENCPGJESMGUFPY -binary | base64
VECTOR = "hyQQ6gOvgGd9iZawqntX+PNU9G1jMFo3E96b2qr1dWNOneJ/XEPIQs/2jlCpeNQjntc6Win7+Gqgh2YWvt8LBQ=="
_EVENT = {"senderPhoneNumber": "+33639980123", "messageId": "m-1", "text": "Hi"}


def _signed(**event):
    return _SIMULATOR.sign(json.dumps(_EVENT | event).encode())


def test_signature_is_hmac_sha512_over_the_decoded_data():
    made = signature_of(b'{"a":1}', "SJENCPGJESMGUFPY")
    assert made == VECTOR


def test_wrapping_in_any_writing_is_accepted_and_never_believed():
    signed = _signed()
    wrapping = json.loads(signed.body)
    wrapping["message"] |= {"attributes": {"type": "message"}, "messageId": "77"}
    pretty = json.dumps(wrapping | {"subscription": "s"}, indent=2).encode() + b"\n"
    verify(replace(signed, body=pretty), _SECRETS)


@pytest.mark.parametrize("token", ["", " ", "ANOTHER"])
def test_without_the_right_client_token_nothing_is_believed(token):
    with pytest.raises(Rejected):
        verify(_signed(), _SECRETS | {"client_token": token})


def test_second_writing_of_the_same_data_is_rejected():
    data = b'{"eventId":"1","eventType":"READ"} '  # its last character leaves bits over
    signed = _SIMULATOR.sign(data)
    encoded = json.loads(signed.body)["message"]["data"]
    loose = encoded.rstrip("=")[:-1] + chr(ord(encoded.rstrip("=")[-1]) + 1) + "="
    assert base64.b64decode(loose) == data
    body = signed.body.replace(encoded.encode(), loose.encode())
    with pytest.raises(Rejected):
        verify(replace(signed, body=body), _SECRETS)


def test_console_is_greeted_with_its_secret_where_it_knows_our_token():
    assert greet(_SIMULATOR.greeting(), _SECRETS) == Response(200, b"1234567890")


@pytest.mark.parametrize("token", ["", "ANOTHER"])
def test_stranger_is_not_greeted(token):
    assert greet(_SIMULATOR.greeting(), _SECRETS | {"client_token": token}) is None
    with pytest.raises(Rejected):
        verify(_SIMULATOR.greeting(), _SECRETS | {"client_token": token})


@pytest.mark.parametrize("agent", [AGENT, f"{AGENT}@rbm.goog", AGENT.upper(), ""])
def test_callback_of_our_agent_is_kept(agent):
    assert greet(_signed(agentId=agent), _SECRETS) is None


def test_callback_of_another_agent_is_answered_and_not_kept():
    assert greet(_signed(agentId="someone_else@rbm.goog"), _SECRETS) == Response()
    forged = replace(_signed(agentId="someone_else"), headers={})
    assert greet(forged, _SECRETS) is None


@pytest.mark.parametrize("body", [b"", b"null", b"[" * 100_000, b"\xff", b'{"clientToken":1}'])
def test_greeting_meets_strange_bodies_without_a_word(body):
    assert greet(Request("POST", {}, body), _SECRETS) is None
