"""A client of the API with every scope, and one for each wish."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.store import keys
from hub.store.database import new_id
from hub.store.ground import Ground


@dataclass(frozen=True)
class Program:
    """A program with a key; `at` is under /api/v1."""

    client: FlaskClient
    key: str

    def get(self, at: str, **more: Any) -> Any:
        """GET."""
        return self.client.get(f"/api/v1{at}", headers=self._headers(), **more)

    def delete(self, at: str) -> Any:
        """DELETE."""
        return self.client.delete(f"/api/v1{at}", headers=self._headers())

    def put(self, at: str, body: Any) -> Any:
        """PUT JSON."""
        return self.client.put(f"/api/v1{at}", json=body, headers=self._headers())

    def post(self, at: str, body: Any = None, once: str = "") -> Any:
        """POST JSON, under a key of its own unless `once` names one."""
        headers = self._headers() | {"Idempotency-Key": once or new_id().hex}
        return self.client.post(f"/api/v1{at}", json=body, headers=headers)

    def raw(self, at: str, data: bytes, **headers: str) -> Any:
        """POST these bytes."""
        given = self._headers() | {"Idempotency-Key": new_id().hex} | headers
        given.setdefault("Content-Type", "application/json")
        return self.client.post(f"/api/v1{at}", data=data, headers=given)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


MakeProgram = Callable[..., Program]


@pytest.fixture
def program_of(flask_app: Flask, ground: Ground) -> MakeProgram:
    """`program_of(workspace, *scopes)`; every scope when none is named."""

    def make(workspace: UUID, *scopes: str) -> Program:
        with ground.database.begin() as db:
            key = keys.make(db, workspace, "test", scopes or keys.SCOPES)
        return Program(flask_app.test_client(), key)

    return make


@pytest.fixture
def program(program_of: MakeProgram, workspace: UUID) -> Program:
    """A program that may do everything in the workspace."""
    return program_of(workspace)
