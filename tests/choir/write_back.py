"""Outcomes become notes and a consent; steps that wait are told."""

from hub.contract import Written

from . import client


def write(ctx, outcomes):
    if not outcomes:
        return []
    rows = [
        {
            "marker": one.marker,
            "id": one.subject.partition(":")[2] if one.subject.startswith("contact:") else "",
            "text": one.sentence,
            "kind": one.kind,
            "look": one.again,
        }
        for one in outcomes
    ]
    answers = client.call(ctx, "/notes", notes=rows)["notes"]
    return [Written(one.get("id", ""), one.get("error", "")) for one in answers]


def complete(ctx, progress):
    rows = [{"step": one.reference, "state": one.state} for one in progress]
    answers = client.call(ctx, "/steps", steps=rows)["steps"]
    return [Written(one.get("id", ""), one.get("error", "")) for one in answers]
