"""The workflow action's door: an execution comes in and waits, its result goes out. And the list
of templates for those who build the workflow."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.contract import (
    RECEIVED_AT,
    Callback,
    Context,
    Event,
    Ignored,
    Known,
    Parsed,
    Person,
    Progress,
    Refused,
    Request,
    Response,
    Written,
)
from hub.contract.events import WAITS_FOR

from . import batches, client, people
from .definition import TEXTS
from .documents import Document, fingerprint, identity, moment, number, part, read, text

_NOUNS = {"CONTACT": "contact", "0-1": "contact", "DEAL": "deal", "0-3": "deal"}
_FAILED = ("failed", "uncertain")
_DAY = 24.0
_LONGEST = 6 * _DAY  # the vendor gives up after a week where it is told nothing
_OPTIONS = 100


def dedupe(request: Request) -> str:
    """The callback's id: the vendor repeats an execution it got no answer to."""
    try:
        step = _step(_document(request))
    except ValueError:
        step = ""
    return f"workflow:{step}" if step else fingerprint(request.body.hex())


def accounts_of(request: Request) -> Sequence[str]:
    """The account whose workflow calls."""
    try:
        found = _document(request)
    except ValueError:
        return ()
    account = identity(part(found, "origin").get("portalId")) or identity(found.get("portalId"))
    return (account,) if account else ()


def parse(request: Request, settings: Mapping[str, str]) -> Parsed:
    """An execution → workflow.requested, with the person as the workflow's record has it.

    Raises ValueError with a sentence when it cannot be read.
    """
    found = _document(request)
    account = settings.get("account", "")
    if account and account not in accounts_of(request):
        return Ignored("The workflow belongs to another HubSpot account.")
    step = _step(found)
    if not step:
        raise ValueError("The workflow's call does not say which step it is.")
    record = part(found, "object")
    kind = text(record.get("objectType"), 40).upper()
    noun, who = _NOUNS.get(kind, ""), identity(record.get("objectId"))
    if not noun or not who:
        raise ValueError("The workflow's call is not about a contact or a deal.")
    at = moment(request.header(RECEIVED_AT)) or datetime.fromtimestamp(0, UTC)
    row = {**record, "id": who}
    person = people.person(row, settings, at) if noun == "contact" else Person()
    return [
        Event(
            "workflow.requested",
            f"workflow:{step}",
            f"{noun}:{who}",
            at,
            person,
            _data(found, record),
            callback=Callback(step, *_waits(found)),
        )
    ]


def answer(request: Request) -> Response:
    """The step waits, a little longer than the hub itself: its result comes from the hub."""
    try:
        within = _waits(_document(request))[1]
    except ValueError:
        within = timedelta(hours=_DAY)
    hours = math.ceil(within.total_seconds() / 3600) + 2
    fields = {"hs_execution_state": "BLOCK", "hs_expiration_duration": f"PT{hours}H"}
    return _json({"outputFields": fields})


def complete(ctx: Context, progress: Sequence[Progress]) -> list[Written]:
    """Tell waiting steps how it went; a step the vendor no longer waits for is refused alone."""
    written: list[Written] = []
    for at in range(0, len(progress), client.BATCH):
        written += _tell(ctx, progress[at : at + client.BATCH])
    return written


def _tell(ctx: Context, progress: Sequence[Progress]) -> list[Written]:
    try:
        client.complete(ctx, [(one.reference, _outputs(one)) for one in progress])
    except Refused as error:
        if error.code not in batches.BAD_INPUT:
            raise
        if len(progress) == 1:
            return [Written(refused="HubSpot no longer waits for this workflow step.")]
        middle = len(progress) // 2
        return [*_tell(ctx, progress[:middle]), *_tell(ctx, progress[middle:])]
    return [Written(f"callback:{one.reference}") for one in progress]


def _outputs(one: Progress) -> dict[str, str]:
    return {
        "hs_execution_state": "FAIL_CONTINUE" if one.state in _FAILED else "SUCCESS",
        "relais_result": one.state,
        "relais_reason": (one.sentence or one.reason)[:1_000],
        "relais_reply": one.reply[:1_000],
        "relais_message_id": one.message_id,
    }


def templates(request: Request, known: Known) -> Response:
    """The templates that fit what was typed, page by page, as the vendor's list wants them."""
    try:
        asked = part(_document(request), "fetchOptions")
    except ValueError:
        asked = {}
    typed = text(asked.get("q"), 100).casefold()
    fits = [
        {"label": title or name, "description": name, "value": name}
        for name, title in known.templates
        if typed in name.casefold() or typed in title.casefold()
    ]
    start = int(identity(asked.get("after")) or 0)
    page = {"options": fits[start : start + _OPTIONS], "searchable": True}
    onward = {"after": str(start + _OPTIONS)} if len(fits) > start + _OPTIONS else {}
    return _json({**page, **onward})


def _document(request: Request) -> Document:
    found = read(request.body)
    if not isinstance(found, dict):
        raise ValueError("The workflow's call is not one JSON object, as HubSpot's always are.")  # noqa: TRY004  a sentence
    return found


def _step(found: Document) -> str:
    return text(found.get("callbackId"), 200)


def _inputs(found: Document) -> Document:
    return part(found, "inputFields") or part(found, "fields")


def _data(found: Document, record: Document) -> dict[str, str]:
    inputs, values = _inputs(found), part(record, "properties")
    return {
        "workflow": text(part(found, "context").get("workflowId"), 100),
        "template": text(inputs.get("template"), 200),
        "email": text(values.get("email"), 254),
        "city": text(values.get("city"), 100),
        **{name: text(inputs.get(name), 1_000) for name in TEXTS},
    }


def _waits(found: Document) -> tuple[str, timedelta]:
    inputs = _inputs(found)
    named = text(inputs.get("wait_for"), 20)
    hours = number(inputs.get("wait_hours"))
    longest = min(max(float(hours), 0.25), _LONGEST) if hours is not None else _DAY
    return named if named in WAITS_FOR else "delivered", timedelta(hours=longest)


def _json(found: Mapping[str, Any]) -> Response:
    body = json.dumps(found, separators=(",", ":")).encode()
    return Response(200, body, "application/json")
