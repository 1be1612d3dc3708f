"""The choir: singers, notes on them, workflows that wait."""

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from hub.contract import Request
from hub.contract.http import session
from hub.contract.kit.sign_in import SignIn
from hub.contract.kit.simulator import Faults

from .events import SIGNATURE, STAMP, sign

_SCOPES = {"/singers": "singers", "/changes": "singers", "/people": "singers", "/notes": "notes"}
_session = session()


@dataclass
class Simulator:
    faults: Faults = field(default_factory=Faults)
    sign_in: SignIn = field(default_factory=SignIn)
    singers: dict[str, dict[str, Any]] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    hooks: list[str] = field(default_factory=list)
    forbidden: set[str] = field(default_factory=set)
    steps: dict[str, str] = field(default_factory=dict)
    _lock: Any = field(default_factory=threading.RLock)

    def wsgi(self, environ, start_response):
        path = environ["PATH_INFO"]
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if path == "/token":
            status, document = self.sign_in.token(dict(parse_qsl(sent.decode())))
        elif not self.sign_in.accepts(environ.get("HTTP_AUTHORIZATION", "")[7:]):
            status, document = 401, {"message": "The token is not known."}
        elif _SCOPES.get(path) in self.forbidden:
            lacking = {"message": f"The app lacks the right «{_SCOPES[path]}»."}
            status, document = 403, lacking
        else:
            with self._lock:
                status, document = (
                    200,
                    getattr(self, "_" + path[1:].replace("/", "_"))(**json.loads(sent)),
                )
        body = json.dumps(document).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{status} Told", headers)
        return [body]

    def settings(self, base_url):
        return {"url": base_url}

    def secrets(self):
        token = self.sign_in.issue()["access_token"]
        return {"access_token": token, "webhook_secret": "secret-of-the-choir", **self.typed()}

    def typed(self, way=""):
        app = self.sign_in
        return {"client_id": app.client_id, "client_secret": app.client_secret}

    def sign(self, body, path="k1"):
        stamp = str(int(time.time()))
        headers = {STAMP: stamp, SIGNATURE: sign(body, stamp, "secret-of-the-choir")}
        return Request.of("POST", headers, body, url=f"https://hub.example.com/hooks/choir/{path}")

    def deliveries(self):
        return [self.sign(_told([{"id": str(n), "version": "1"}])) for n in (1, 2)]

    def executions(self, count):
        numbers = [f"s{len(self.steps) + at}" for at in range(count)]
        self.steps |= dict.fromkeys(numbers, "waiting")
        rows = [{"step": one, "id": self._born(), "template": "hello"} for one in numbers]
        return [("sing", self.sign(json.dumps({"steps": rows}).encode(), "k1/sing"))]

    def questions(self):
        return [("templates", self.sign(b'{"ask":[]}', "k1/templates"))]

    def change(self, count):
        with self._lock:
            changed = [self._touch(self._born()) for _ in range(count)]
        self._tell(changed)

    def flip_consent(self, subject):
        number = subject.partition(":")[2]
        row = self.singers[number]
        row |= {"opted_out": not row["opted_out"], "said_by": "person", "consent_at": 1_800_000_000}
        self._tell([self._touch(number)])

    def subject(self):
        number = self._born()
        self._tell([self._touch(number)])
        return f"contact:{number}"

    def written(self, marker):
        return sum(note["marker"] == marker for note in self.notes)

    def completed(self, reference):
        return self.steps.get(reference) != "waiting"

    def leftovers(self):
        return [f"hook {url}" for url in self.hooks] + ["token"] * self.sign_in.standing

    def flush(self, timeout=30.0):
        return True

    def forbid(self, scope):
        self.forbidden.add(scope)

    def _born(self):
        number = str(len(self.singers) + 1)
        self.singers[number] = {
            "id": number,
            "phone": f"+33639980{int(number) % 1000:03}",
            "email": f"singer{number}@example.com",
            "version": 0,
            "opted_out": False,
            "said_by": "nobody",
            "consent_at": 0,
        }
        return number

    def _touch(self, number, by_hand=True):
        row = self.singers[number]
        row["version"] += by_hand
        self.log.append({"n": len(self.log) + 1, "id": number, "version": str(row["version"])})
        return self.log[-1]

    def _tell(self, changes):
        for url in list(self.hooks):
            request = self.sign(_told(changes))
            _session.post(url, data=request.body, headers=dict(request.headers), timeout=5)

    def _me(self):
        return {"id": "choir-1", "name": "The choir", "last": len(self.log)}

    def _hooks_add(self, url):
        self.hooks = list(dict.fromkeys([*self.hooks, url]))
        return {"id": url}

    def _hooks_remove(self, url):
        self.hooks = [one for one in self.hooks if one != url]
        return {}

    def _changes(self, after):
        return {"changes": self.log[after : after + 100]}

    def _singers(self, ids):
        return {"singers": {n: self.singers[n] for n in ids if n in self.singers}}

    def _people(self, after):
        rows = list(self.singers.values())
        return {"people": rows[int(after or 0) : int(after or 0) + 100]}

    def _notes(self, notes):
        return {"notes": [self._note(**one) for one in notes]}

    def _note(self, marker, id, text, kind, look):
        if id not in self.singers:
            return {"error": "There is no such singer."}
        known = look and any(note["marker"] == marker for note in self.notes)
        if not known:
            self.notes.append({"marker": marker, "text": text})
        if kind in ("opted_out", "opted_in"):
            said = {"opted_out": kind == "opted_out", "said_by": "relais"}
            self.singers[id] |= {**said, "consent_at": int(time.time())}
        self._tell([self._touch(id, by_hand=False)])
        return {"id": f"note:{marker}"}

    def _steps(self, steps):
        found = []
        for one in steps:
            known = one["step"] in self.steps
            if known:
                self.steps[one["step"]] = one["state"]
            found.append({"id": one["step"]} if known else {"error": "There is no such step."})
        return {"steps": found}


def _told(changes):
    return json.dumps({"changes": [{k: c[k] for k in ("id", "version")} for c in changes]}).encode()
