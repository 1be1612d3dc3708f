"""The first half of the road, in words: arrived, understood, decided."""

from collections.abc import Sequence

from hub.automations.facts import Check
from hub.automations.records import checks_of
from hub.report.road_rows import Trail
from hub.report.road_shape import Details, Standing, Station
from hub.report.road_words import Times, brief, counted, happened, place, shown
from hub.store.database import Row

_WAYS = {
    "webhook": "Arrived from {place} {at}, signed.",
    "poll": "Found at {place} {at}, by asking for what changed.",
    "api": "Posted to the API {at}.",
}


def arrived(trail: Trail, times: Times) -> Station:
    """How the event came here, or who asked for the message."""
    intake, message = trail.intake, trail.message or trail.decision
    if intake is not None:
        words = _WAYS[intake["source"]].format(
            place=place(trail.source), at=times.at(intake["received_at"])
        )
        details = (("Intake", str(intake["id"])), ("Bytes", str(intake["size"])))
        return Station("arrived", "done", intake["received_at"], words, details)
    if message is None:
        return Station("arrived", "waiting", None, "Nothing has arrived yet.")
    asked = message["created_at"] if trail.message is not None else message["decided_at"]
    return Station("arrived", "done", asked, f"Asked for directly {times.at(asked)}.")


def understood(trail: Trail, times: Times) -> Station | None:
    """What the request meant; None where nobody sent one."""
    event, intake = trail.event, trail.intake
    if event is not None:
        words = f"Understood as {happened(event)}"
        return Station("understood", "done", event["received_at"], words, _told(event, times))
    if intake is None:
        return None
    state, words = _not_understood(intake, times)
    return Station("understood", state, None, words)


def _not_understood(intake: Row, times: Times) -> tuple[Standing, str]:
    reason = brief(intake["reason"])
    match intake["state"]:
        case "new" if reason:
            again = times.at(intake["due_at"])
            return "waiting", f"It could not be opened: {reason} The hub tries again {again}."
        case "new":
            return "waiting", "Waiting to be opened; that takes a moment."
        case "ignored":
            return "stopped", f"Ignored: {reason or 'it means nothing to this hub.'}"
        case "bad":
            return "stopped", f"It cannot be read: {reason} Correct it at its source."
        case "dead":
            return "stopped", f"Given up after {intake['tries']} tries: {reason} Replay it."
        case _:
            return "done", f"Opened; no event came of it. {reason}".strip()


def _told(event: Row, times: Times) -> Details:
    who = event["person"]
    name = " ".join(filter(None, (who.get("first_name"), who.get("last_name"))))
    known = {
        "Event": event["type"],
        "Key": brief(event["key"]),
        "Happened": times.at(event["occurred_at"]),
        "Person": brief(name),
        "Phone problem": brief(who.get("phone_problem") or ""),
        **{label: shown(value) for label, value in event["data"].items()},
    }
    return tuple((label, text) for label, text in known.items() if text)


def decided(trail: Trail, times: Times) -> Station:
    """An automation's answer, with every check; or why nobody answered."""
    decision = trail.decision
    if decision is None:
        return _undecided(trail, times)
    name = decision["record"]["automation"]["name"]
    asked = decision["automation_id"] is None
    who = "the hub, as asked for directly," if asked else f"«{name}»"
    checks = checks_of(decision)
    sends = decision["action"] == "send"
    words = _sends(who, checks) if sends else f"Decided by {who} not to send{_last(checks)}"
    # A campaign's decision is one for all of its messages, and names none.
    made = trail.message is not None or "campaign" in decision["record"]
    if sends and not made:
        words = f"{words} No message was made: another one stands for the same thing."
    details = tuple((check.asked, check.sentence) for check in checks)
    state: Standing = "done" if sends and made else "stopped"
    return Station("decided", state, decision["decided_at"], words, details)


def _sends(who: str, checks: Sequence[Check]) -> str:
    waits = [check.sentence for check in checks if check.verdict == "wait"]
    if waits:
        return f"Decided by {who} to send later. {waits[0]}"
    if not checks:
        return f"Decided by {who} to send."
    return f"Decided by {who} to send: {counted(len(checks), 'check')}, all yes."


def _last(checks: Sequence[Check]) -> str:
    said = checks[-1].sentence if checks else "Not sent: no check was kept."
    because = said.removeprefix("Not sent: ")
    return f": {because}" if because != said else f". {said}"


def _undecided(trail: Trail, times: Times) -> Station:
    event = trail.event
    if event is None:
        made = trail.message["created_at"] if trail.message is not None else None
        words = "The hub answers a STOP with this message; no automation decides it."
        return Station("decided", "done", made, words)
    reason = brief(event["reason"])
    if event["state"] == "dead":
        words = f"Given up after {event['tries']} tries: {reason} Correct the automation."
        return Station("decided", "stopped", None, words)
    if event["state"] == "new":
        again = f"{reason} The hub tries again {times.at(event['due_at'])}." if reason else ""
        words = again or "Waiting for the automations to answer; that takes a moment."
        return Station("decided", "waiting", None, words)
    words = "No automation listens to this kind of event, so nothing is sent."
    return Station("decided", "stopped", None, words)
