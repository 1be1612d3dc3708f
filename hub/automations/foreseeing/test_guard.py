"""While something is foreseen nobody is called, and nothing can be written."""

import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DBAPIError

from hub.automations.foreseeing.guard import CallRefused, no_calls
from hub.automations.foreseeing.week import reading
from hub.store.database import row, run


@pytest.fixture
def address():
    """Where somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()


def test_every_call_is_refused_but_the_database_s(ground, workspace, address):
    with reading(ground, workspace) as db:
        with pytest.raises(CallRefused):
            socket.create_connection(address)
        with pytest.raises(CallRefused):
            socket.getaddrinfo("localhost", 443)
        with pytest.raises(CallRefused):
            subprocess.run(["/bin/true"], check=True)
        assert row(db, "SELECT 1 AS one")["one"] == 1
    ground.database.engine.dispose()
    with no_calls(), ground.database.begin() as db:  # a connection of its own, just now
        assert row(db, "SELECT 1 AS one")["one"] == 1
    with socket.create_connection(address):
        pass


def test_others_go_on_calling_meanwhile(address):
    with no_calls(), ThreadPoolExecutor(1) as other:
        other.submit(lambda: socket.create_connection(address).close()).result()


def test_the_database_itself_refuses_to_write(ground, workspace):
    with pytest.raises(DBAPIError, match="read-only"), reading(ground, workspace) as db:
        run(db, "UPDATE workspaces SET name = 'x' WHERE id = :id", id=workspace)
