"""The choir's calls."""

import json
from datetime import UTC, datetime

from hub.contract import (
    Account,
    Consent,
    Event,
    Ignored,
    Page,
    PeoplePage,
    Person,
    Preview,
    Refused,
    Request,
    Subscription,
    Unavailable,
)
from hub.contract.http import check_status, json_of, session, translated

_session = session()


def form(settings, secrets, now):
    return {"grant_type": "client_credentials"} | {
        name: secrets[name] for name in ("client_id", "client_secret")
    }


def call(ctx, path, **body):
    bearer = {"Authorization": f"Bearer {ctx.secrets.get('access_token', '')}"}
    with translated("Choir"):
        answer = _session.post(
            ctx.settings["url"] + path,
            json=body,
            headers=bearer,
            timeout=ctx.deadline,
            allow_redirects=False,
        )
    if answer.status_code == 403:
        raise Refused(answer.json()["message"], code="403")
    check_status("Choir", answer)
    found = json_of("Choir", answer)
    if not isinstance(found, dict):
        raise Unavailable("Choir answered in a form that is not expected.")
    return found


def check(ctx):
    found = call(ctx, "/me")
    return Account(found["name"], found["id"])


def subscribe(ctx):
    return Subscription({"hook": call(ctx, "/hooks/add", url=ctx.hook_url)["id"]})


def unsubscribe(ctx):
    call(ctx, "/hooks/remove", url=ctx.hook_url)


def pull(ctx, cursor):
    if not cursor:
        return Page((), str(call(ctx, "/me")["last"]))
    rows = call(ctx, "/changes", after=int(cursor))["changes"]
    body = json.dumps({"changes": rows}).encode()
    last = str(rows[-1]["n"]) if rows else cursor
    return Page((Request("POST", {}, body),) if rows else (), last, more=len(rows) == 100)


def enrich(ctx, events):
    wanted = [e.subject.partition(":")[2] for e in events if e.type == "contact.changed"]
    found = call(ctx, "/singers", ids=wanted)["singers"] if wanted else {}
    return [_whole(event, found) for event in events]


def _whole(event, found):
    if event.type != "contact.changed":
        return event
    number = event.subject.partition(":")[2]
    if number not in found:
        return Ignored("The singer is gone.")
    row = found[number]
    at = datetime.fromtimestamp(row["consent_at"], UTC)
    own = row["said_by"] != "person"
    consent = None if own else Consent(not row["opted_out"], "choir", at)
    person = Person(row["phone"], email=row["email"], consent=consent, record=event.subject)
    key = f"singer:{number}:{row['version']}"
    return Event(event.type, key, event.subject, event.occurred_at, person, {"email": row["email"]})


def options(ctx, field):
    return [("alto", "Alto"), ("bass", "Bass")]


def preview(ctx):
    rows = call(ctx, "/people", after="")["people"][:3]
    return Preview(("phone", "email"), tuple((f"+33…{r['phone'][-2:]}", r["email"]) for r in rows))


def lists(ctx):
    return [("all", "Everybody")]


def people(ctx, number, cursor):
    rows = call(ctx, "/people", after=cursor)["people"]
    found = tuple(Person(r["phone"], email=r["email"], record=f"contact:{r['id']}") for r in rows)
    return PeoplePage(found, rows[-1]["id"] if rows else "", more=len(rows) == 100)
