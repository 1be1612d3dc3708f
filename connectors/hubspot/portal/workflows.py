"""The account's workflows: they call the app's action, wait for its answer, and remember it."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import uuid6

from hub.contract import Request

from ..documents import part
from .app import App
from .errors import invalid, missing
from .memory import Memory
from .outbox import call, post

Row = dict[str, Any]
TRIES = 4


@dataclass
class Workflows:
    """`waiting` steps by callback id, as they were answered; `done`: their output fields;
    `failed`: those whose call was refused."""

    memory: Memory
    app: App
    waiting: dict[str, Row] = field(default_factory=dict)
    done: dict[str, Mapping[str, str]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    pause: Callable[[float], None] = time.sleep

    def run(
        self, contacts: Sequence[str], template: str, *, workflow: str = "4401", **inputs: str
    ) -> list[str]:
        """Each contact reaches the action's step; answers the callback ids, in order."""
        return [self._step(one, {"template": template, **inputs}, workflow) for one in contacts]

    def execution(self, contact: str, inputs: Mapping[str, str], workflow: str) -> Row:
        """What the action is sent for one contact; its step then waits."""
        number, definition = self._definition()
        asked = part(definition, "objectRequestOptions").get("properties") or ()
        with self.memory.lock:
            record = self.memory.get("contacts", contact)
            values = {name: record.values[name] for name in asked if record.values.get(name)}
        origin = {"portalId": self.app.portal, "actionDefinitionId": int(number)}
        step = f"ap-{self.app.portal}-{uuid6.uuid7()}"
        # Known before it is called: an answer may come back before the call has ended.
        self.waiting[step] = {}
        return {
            "callbackId": step,
            "origin": {**origin, "actionDefinitionVersion": int(definition["revisionId"])},
            "context": {"source": "WORKFLOWS", "workflowId": int(workflow)},
            "object": {"objectId": int(contact), "objectType": "CONTACT", "properties": values},
            "inputFields": dict(inputs),
            "fields": dict(inputs),
        }

    def options(self, typed: str = "", after: str = "") -> Row:
        """What the designer's list of templates shows."""
        _, definition = self._definition()
        field_ = next(f["typeDefinition"] for f in definition["inputFields"])
        body = {
            "origin": {"portalId": self.app.portal},
            "inputFieldName": field_["name"],
            "inputFields": {},
            "fetchOptions": {"q": typed, "after": after},
            "objectTypeId": "0-1",
            "portalId": self.app.portal,
        }
        _, answer, _ = post(self.signed(str(field_["optionsUrl"]), body))
        return dict(json.loads(answer or b"{}"))

    def signed(self, url: str, body: Row, version: str = "v3") -> Request:
        """A call of the workflow engine."""
        raw = json.dumps(body, separators=(",", ":")).encode()
        return call(url, raw, self.app.secret, self.app.clock, version)

    def complete(self, inputs: Sequence[Row]) -> None:
        """The app answers waiting steps. Raises Problem: one that is unknown refuses all."""
        for row in inputs:
            if not isinstance(row.get("outputFields"), dict) or "typedOutputs" not in row:
                raise invalid("outputFields and typedOutputs are required")
            if row.get("callbackId") not in self.waiting:
                raise missing("There is no such callback.")
        for row in inputs:
            del self.waiting[row["callbackId"]]
            self.done[row["callbackId"]] = row["outputFields"]

    def expire(self) -> list[str]:
        """A week goes by: the steps that still wait give up; answers which."""
        gone = list(self.waiting)
        self.waiting.clear()
        return gone

    def _step(self, contact: str, inputs: Mapping[str, str], workflow: str) -> str:
        body = self.execution(contact, inputs, workflow)
        step, url = str(body["callbackId"]), str(self._definition()[1]["actionUrl"])
        for attempt in range(TRIES):
            status, answer, headers = post(self.signed(url, body))
            if 200 <= status < 300:
                self._answered(step, answer)
                return step
            if 400 <= status < 500 and status != 429:
                break
            wait = headers.get("Retry-After", "") if status == 429 else ""
            self.pause(min(float(wait) / 1000, 2.0) if wait.isdigit() else 0.05 * (attempt + 1))
        self.waiting.pop(step, None)
        self.failed[step] = status
        return step

    def _answered(self, step: str, answer: bytes) -> None:
        try:
            fields = part(json.loads(answer or b"{}"), "outputFields")
        except ValueError:
            fields = {}
        if fields.get("hs_execution_state") in ("BLOCK", "ASYNC"):
            if step in self.waiting:
                self.waiting[step] = dict(fields)
            return
        self.waiting.pop(step, None)
        self.done.setdefault(step, dict(fields))

    def _definition(self) -> tuple[str, Row]:
        for number, row in self.app.definitions.items():
            if row["published"]:
                return number, row
        raise missing("The app has no published workflow action.")
