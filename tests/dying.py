"""Processes that die, and processes that race: a small server that imports the hub once and forks
a child for each errand. One JSON line in, one out; see `hub.local.stage.errands`."""

import base64
import importlib
import json
import os
import sys
import time
import traceback
from datetime import datetime, timedelta

from flask import Flask

from hub import app, config, crash, registry
from hub.automations.judge import judge
from hub.contract import utc_now
from hub.send.dispatch import send_due
from hub.send.doubt import mark_abandoned
from hub.store import automations, backlog, schema
from hub.store.database import rows
from hub.web import hooks
from hub.work.liveness import LOCK_CLASS, Proof
from hub.work.nudges import Bell
from hub.work.stretch import Stretch


def walk(hub, ground, errand):
    """The arrows as a worker runs them, and the clock's look for the dead, until nothing is due."""
    app.take_work(hub)
    Stretch(hub.celery).leave()  # who died on it is not waited for, not even for its second
    for _ in range(20):
        mark_abandoned(ground, LOCK_CLASS)
        with ground.database.begin() as db:
            due = backlog.due(db, ground.clock())
        for arrow in due:
            hub.celery.tasks[arrow]()
    return {}


def answer(hub, ground, errand):
    """One request at the vendors' door, and what is done once it is answered."""
    site = Flask("dying")
    bell = Bell(hub.nudge)
    site.register_blueprint(hooks.door(ground, bell))
    body = base64.b64decode(errand["body"])
    got = site.test_client().open(
        errand["path"],
        base_url=ground.settings.address,
        method=errand["method"],
        headers=errand["headers"],
        data=body,
    )
    time.sleep(0.5)  # the bell is rung in a thread of its own
    return {"status": got.status_code, "body": got.get_data(as_text=True)}


def migrate(hub, ground, errand):
    """The schema, step by step."""
    return {"after": schema.migrate(ground.database)}


def save(hub, ground, errand):
    """A new version of an automation."""
    workspace, slug, document = errand["workspace"], errand["slug"], errand["document"]
    with ground.database.begin() as db:
        automations.save(db, workspace, slug, document, "live", ground.clock())
    return {}


def race(hub, ground, errand):
    """So many workers at once send what is due, until nothing is; how each ended."""
    children = []
    for _ in range(errand["workers"]):
        child = os.fork()
        if child == 0:
            try:
                ground.database.engine.dispose(close=False)
                _send_all(ground)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        children.append(child)
    return {"ends": [os.waitpid(child, 0)[1] for child in children]}


def _send_all(ground):
    proof = Proof(ground.settings.database_url)
    until = time.monotonic() + 15
    while time.monotonic() < until:
        sent = send_due(ground, "transactional", proof, judge, 40)
        with ground.database.begin() as db:
            soon = ground.clock() + timedelta(seconds=5)
            if not rows(db, _WAITING, soon=soon):
                return
        time.sleep(0 if sent else 0.05)
    raise TimeoutError("what was due is still waiting")


_WAITING = "SELECT FROM messages WHERE state IN ('scheduled', 'held') AND due_at < :soon LIMIT 1"
_ERRANDS = {"walk": walk, "answer": answer, "migrate": migrate, "save": save, "race": race}


def _run(errand):
    """In the child: its own hub, its own connections, and perhaps its end."""
    os.environ.update(errand["environment"])
    importlib.reload(crash)
    now = datetime.fromisoformat(errand["now"]) if errand["now"] else None
    hub = app.build(config.read(), (lambda: now) if now else utc_now, pool=2)
    return _ERRANDS[errand["what"]](hub, hub.ground, errand)


def _fork(errand):
    """What came of it; `died` where the child was killed."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writes, json.dumps(_run(errand)).encode())
        except BaseException:
            os.write(writes, json.dumps({"failed": traceback.format_exc()}).encode())
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as told:
        said = told.read()
    _, status = os.waitpid(child, 0)
    return {"died": os.WIFSIGNALED(status), **(json.loads(said) if said else {})}


def main():
    """Serve errands until the tests go away."""
    registry.load()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_fork(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
