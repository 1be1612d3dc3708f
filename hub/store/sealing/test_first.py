"""A database that an older hub wrote in plain is sealed in one step, all of it or nothing."""

from hashlib import sha256

import psycopg
import pytest
from alembic import command

from hub.store import intakes, messages, numbers, schema
from hub.store.database import connect, new_id, row, rows
from hub.store.sealing import Vault
from hub.store.sealing.first import NoKey

NUMBER, OTHER = "+33639980123", "+33639980145"
KEY = bytes(range(32))
SHOP, SOURCE, INTAKE, EVENT, MESSAGE, TEMPLATE, AUTOMATION = (new_id() for _ in range(7))
DIGEST = f"phone-{sha256(NUMBER.encode()).hexdigest()[:24]}"
NAMED = f"phones/{NUMBER}/agentMessages/1"

PLAIN = f"""
INSERT INTO workspaces (id, name, brand, country, language, zone, sending_window, countries,
        testers)
    VALUES ('{SHOP}', 'Lune', 'Lune', 'FR', 'fr', 'Europe/Paris', '{{}}', '{{FR}}',
        '{{{NUMBER},{OTHER}}}');
INSERT INTO connections (id, workspace_id, connector, state, hook_token)
    VALUES ('{SOURCE}', '{SHOP}', 'shop', 'active', 'x');
INSERT INTO intakes (id, workspace_id, connection_id, road, source, dedupe_key, method, headers,
        query, body, received_at)
    VALUES ('{INTAKE}', '{SHOP}', '{SOURCE}', 'events', 'webhook', 'k', 'POST', '{{"a": "b"}}',
        '{{"q": "1"}}', '{{"phone": "{NUMBER}"}}', now());
INSERT INTO people (id, workspace_id, phone) VALUES ('{new_id()}', '{SHOP}', '{NUMBER}');
INSERT INTO events (id, workspace_id, intake_id, type, key, subject, occurred_at, received_at, data,
        person, phone)
    VALUES ('{EVENT}', '{SHOP}', '{INTAKE}', 'order.paid', 'k', 's', now(), now(), '{{}}', '{{}}',
        '{NUMBER}');
INSERT INTO consents (id, workspace_id, phone, verdict, source, said_at)
    VALUES ('{new_id()}', '{SHOP}', '{NUMBER}', 'stopped', 'reply', now());
INSERT INTO templates (id, workspace_id, slug, kind, version)
    VALUES ('{TEMPLATE}', '{SHOP}', 't', 'marketing', 1);
INSERT INTO automations (id, workspace_id, slug, state, version)
    VALUES ('{AUTOMATION}', '{SHOP}', 'a', 'live', 1);
INSERT INTO messages (id, workspace_id, event_id, automation_id, template_id, template_version,
        kind, phone, language, zone, variables, state, due_at, created_at, changed_at, once_key,
        carrier_id, carrier_message_id)
    VALUES ('{MESSAGE}', '{SHOP}', '{EVENT}', '{AUTOMATION}', '{TEMPLATE}', 1, 'marketing',
        '{NUMBER}', 'fr', 'Europe/Paris', '{{}}', 'sent', now(), now(), now(), 'person:{DIGEST}',
        '{SOURCE}', '{NAMED}');
INSERT INTO receipts (id, workspace_id, connection_id, intake_id, message_id, carrier_message_id,
        reference, state, code, received_at)
    VALUES ('{new_id()}', '{SHOP}', '{SOURCE}', '{INTAKE}', '{MESSAGE}', '{NAMED}', '', 'sent', '',
        now());
INSERT INTO replies (id, workspace_id, connection_id, intake_id, carrier_reply_id, phone, body,
        keyword, received_at)
    VALUES ('{new_id()}', '{SHOP}', '{SOURCE}', '{INTAKE}', '{NUMBER[1:]}-7', '{NUMBER}', 'STOP',
        'stop', now());
"""  # noqa: S608 - our own words


@pytest.fixture
def old(engines):
    """A database as the step before left it, with a row of everything that names a number."""
    url = engines.database_url.rsplit("/", 1)[0]
    name = f"relais_old_{new_id().hex}"
    with psycopg.connect(engines.database_url, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    database = connect(f"{url}/{name}", pool=1)
    config = schema._config()
    with database.engine.connect() as db:
        config.attributes["connection"] = db
        command.upgrade(config, "0004")
        db.commit()
    with psycopg.connect(f"{url}/{name}") as db:
        db.execute(PLAIN.encode())
    yield database
    database.engine.dispose()


def test_numbers_and_requests_of_an_older_hub_are_sealed_and_stay_who_they_were(old):
    schema.migrate(old, lambda: KEY)
    vault = Vault.on(old, KEY)
    token, other = vault.token(SHOP, NUMBER), vault.token(SHOP, OTHER)
    with old.begin() as db:
        for table in ("people", "events", "consents", "messages", "replies"):
            assert row(db, f"SELECT phone FROM {table}")["phone"] == token  # noqa: S608
        message = messages.get(db, SHOP, MESSAGE)
        assert message["once_key"] == f"person:{token}"
        assert message["carrier_message_id"] == f"phones/{token}/agentMessages/1"
        named = row(db, "SELECT carrier_message_id FROM receipts")["carrier_message_id"]
        assert named == message["carrier_message_id"]
        assert row(db, "SELECT carrier_reply_id AS r FROM replies")["r"] == f"{token}-7"
        assert row(db, "SELECT testers FROM workspaces")["testers"] == [token, other]
        known = numbers.phones(db, vault, [(SHOP, token), (SHOP, other)])
        assert {phone.e164 for phone in known.values()} == {NUMBER, OTHER}
        (intake,) = rows(db, "SELECT * FROM intakes")
    request = intakes.request_of(vault, intake)
    assert (request.method, request.headers, request.query) == ("POST", {"a": "b"}, {"q": "1"})
    assert request.body == f'{{"phone": "{NUMBER}"}}'.encode()
    assert intake["size"] == len(request.body)


def test_without_the_master_key_nothing_is_changed_and_the_words_say_what_to_run(old):
    with pytest.raises(NoKey, match="hub migrate"):
        schema.migrate(old)
    with old.begin() as db:
        assert schema.current(db) == "0004"
        assert row(db, "SELECT phone FROM people")["phone"] == NUMBER
