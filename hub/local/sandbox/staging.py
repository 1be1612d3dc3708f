"""For tests: the process that plays vendors for sandboxes, as a thread of this one."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from hub import registry
from hub.local.sandbox import process
from hub.store.ground import Ground
from hub.work.liveness import Proof


@pytest.fixture
def played(ground: Ground, flask_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sandboxes of this hub have their vendors while the test runs."""
    monkeypatch.setattr("hub.contract.outbound._inward", [])
    stop, proof = threading.Event(), Proof(ground.settings.database_url)
    serving = threading.Thread(
        target=process.serve, args=(ground, registry.load(), proof, stop), daemon=True
    )
    serving.start()
    while not ground.settings.sandbox_line.exists():
        if not serving.is_alive():
            raise AssertionError("The process that plays vendors has ended.")
        stop.wait(0.01)
    yield
    stop.set()
    serving.join()
    proof.close()
