"""The second half of the road, in words: written, sent, delivered, replied, told."""

from collections.abc import Sequence

from hub.contract.rich import rich_of
from hub.report.road_rows import Trail
from hub.report.road_shape import Details, Standing, Station
from hub.report.road_words import Times, brief, counted, language, masked_in, place, took
from hub.store.database import Row

ENCODINGS = {"GSM7": "GSM-7", "UCS2": "UCS-2"}
_NOT_WRITTEN = ("no_text", "too_long")
_CHECK = "Check the number with the customer; the carrier's own words are below."


def accepted(trail: Trail) -> bool:
    """Whether a carrier is known to have taken the message."""
    message = trail.message
    return message is not None and (
        message["sent_at"] is not None or any(a["outcome"] == "accepted" for a in trail.attempts)
    )


def written(trail: Trail, message: Row) -> Station | None:
    """The text that goes out; None where it was never to be written."""
    slug = trail.template["slug"] if trail.template else "?"
    origin = f"template «{slug}» (version {message['template_version']})"
    if message["body"]:
        tongue, scheme = language(message["language"]), ENCODINGS.get(message["encoding"], "")
        size = f"{counted(message['parts'], 'part')}, {scheme}, {len(message['body'])} characters"
        if message["rich"]:
            size = f"an RCS {rich_of(message['rich']).kind}"
        words = f"Written from {origin} in {tongue}: {size}."
        details = (("Text", masked_in(message["body"])), *_written_with(trail, message))
        kept = tuple((label, text) for label, text in details if text)
        return Station("written", "done", message["sending_at"], words, kept)
    if message["reason"] in _NOT_WRITTEN and message["state"] == "skipped":
        return Station("written", "stopped", message["changed_at"], message["sentence"])
    if message["state"] in ("skipped", "cancelled"):
        return None
    words = f"It is written from {origin} just before it leaves."
    return Station("written", "ahead", None, words)


def _written_with(trail: Trail, message: Row) -> Details:
    """The sender, the wording, the code, and the RCS message whose place it takes."""
    above = trail.above
    return (
        ("Sender", message["sender"]),
        ("Wording", message["variant"]),
        ("Code", trail.coupon["code"] if trail.coupon else ""),
        ("In place of", f"RCS message {above['id']}. {brief_sentence(above)}" if above else ""),
        ("Sent again for", f"message {message['resends']}" if message["resends"] else ""),
    )


def sent(trail: Trail, message: Row, times: Times) -> Station | None:
    """What the carrier answered, attempt by attempt, or why it was not asked."""
    details = tuple(_attempt(a, times) for a in trail.attempts)
    if accepted(trail):
        return _accepted(trail, message, times, details)
    if message["state"] == "skipped" and message["reason"] in _NOT_WRITTEN:
        return None
    state, words = _not_sent(trail, message, times)
    at = message["changed_at"] if state == "stopped" else None
    return Station("sent", state, at, words, details)


def _accepted(trail: Trail, message: Row, times: Times, details: Details) -> Station:
    good = next((a for a in trail.attempts if a["outcome"] == "accepted"), None)
    carrier = good or (trail.attempts[-1] if trail.attempts else None)
    name = carrier["connector"] if carrier else "the carrier"
    words = f"Sent through {name}; "
    if good is not None and good["ended_at"]:
        words += f"accepted {took(good['started_at'], good['ended_at'])}."
    elif trail.settled is not None and trail.settled["verdict"] == "arrived":
        words += f"the answer was lost; {trail.settled['by_whom']} settled that it arrived."
    else:
        words += "the answer was lost, and the carrier has proved since that it has it."
    if message["price"] is not None:
        details = (*details, ("Price", f"{message['price']} {message['currency']}"))
    elif any(cost["micros"] for cost in trail.costs):
        details = (*details, ("Cost", cost_of(trail.costs[-1])))
    return Station("sent", "done", message["sent_at"], words, details)


def cost_of(cost: Row) -> str:
    """«0.045 EUR», from the ledger."""
    return f"{cost['micros'] / 1_000_000:.6f}".rstrip("0").rstrip(".") + f" {cost['currency']}"


def _not_sent(trail: Trail, message: Row, times: Times) -> tuple[Standing, str]:
    said = brief_sentence(message)
    match message["state"]:
        case "scheduled" | "held":
            if message["reason"] == "restored":
                return "waiting", f"{said} The operator lets it go: hub release {message['id']}."
            when = f"It is due {times.at(message['due_at'])}."
            return "waiting", f"{said} {when}" if said else when
        case "sending":
            return "waiting", f"Being handed to {_carrier(trail)}; that takes a few seconds."
        case "uncertain":
            return _doubted(trail, message, said, times)
        case "skipped":
            return "stopped", f"Looked at again before sending. {said}"
        case "failed":
            return "stopped", f"{said or 'Not sent: the carrier refused it.'} {_CHECK}"
        case _:
            return "stopped", said or f"The message is {message['state']}."


def _doubted(trail: Trail, message: Row, said: str, times: Times) -> tuple[Standing, str]:
    """Still being found out; or a person's to settle; or sent again as another message."""
    if trail.settled is not None and trail.settled["resent_as"]:
        return "stopped", f"{said} The new one is message {trail.settled['resent_as']}."
    if message["final_at"]:
        return "stopped", said
    return "waiting", f"{said or 'Uncertain.'} It asks next {times.at(message['due_at'])}."


def brief_sentence(message: Row) -> str:
    """The message's own sentence, phones masked, ended with a full stop."""
    said = masked_in(message["sentence"]).strip()
    return said if not said or said[-1] in ".!?»" else f"{said}."


def _carrier(trail: Trail) -> str:
    return str(trail.attempts[-1]["connector"]) if trail.attempts else "the carrier"


_ATTEMPTS = {
    "accepted": "accepted",
    "refused": "refused",
    "unknown": "no clear answer",
    "auth_lost": "the credentials were not accepted",
    "throttled": "asked to slow down",
    "not_reached": "not reached",
    "given_back": "given back unsent",
    "open": "no answer yet",
}


def _attempt(attempt: Row, times: Times) -> tuple[str, str]:
    said = _ATTEMPTS.get(attempt["outcome"], attempt["outcome"])
    span = f" {took(attempt['started_at'], attempt['ended_at'])}" if attempt["ended_at"] else ""
    words = f": {masked_in(attempt['words'])}" if attempt["words"] else "."
    label = f"Attempt {attempt['n']}, {attempt['connector']}"
    return label, f"{times.at(attempt['started_at'])}, {said}{span}{words}"


def delivered(trail: Trail, message: Row, times: Times) -> Station:
    """What the carrier told later; only a receipt says «delivered»."""
    details = tuple(_receipt(r, times) for r in trail.receipts)
    last = next((r for r in reversed(trail.receipts) if r["state"] == message["state"]), None)
    at = (last["at"] or last["received_at"]) if last else message["changed_at"]
    match message["state"]:
        case "delivered" | "read":
            words = f"{message['state'].capitalize()} {times.at(at)}."
            return Station("delivered", "done", at, words, details)
        case "failed":
            words = brief_sentence(message) or "Not delivered: the carrier gave up."
            words += "" if trail.beneath else f" {_CHECK}"
            return Station("delivered", "stopped", at, words, details)
        case "expired":
            words = brief_sentence(message) or "Not delivered: the phone was not reached in time."
            words += "" if trail.beneath else " Send it again if it still matters."
            return Station("delivered", "stopped", at, words, details)
        case "sent":
            words = "The carrier has not said yet whether it arrived; that may take hours."
            return Station("delivered", "waiting", None, words, details)
        case _:
            return Station("delivered", "ahead", None, "The carrier tells it afterwards.", details)


def _receipt(receipt: Row, times: Times) -> tuple[str, str]:
    words = f": {masked_in(receipt['words'])}" if receipt["words"] else "."
    said = f"{receipt['state']} ({receipt['code']})" if receipt["code"] else receipt["state"]
    return "Receipt", f"{times.at(receipt['received_at'])}, {said}{words}"


def replied(replies: Sequence[Row], times: Times) -> Station | None:
    """What the person answered; None while they did not."""
    if not replies:
        return None
    lines = tuple(_reply(r, times) for r in replies)
    first = replies[0]
    more = f" {counted(len(replies), 'reply').replace('replys', 'replies')} in all."
    words = f"They replied {times.at(first['received_at'])}: «{brief(first['body'])}»."
    words += more if len(replies) > 1 else ""
    return Station("replied", "done", first["received_at"], words, lines)


def _reply(reply: Row, times: Times) -> tuple[str, str]:
    meant = f", understood as {reply['keyword'].upper()}" if reply["keyword"] else ""
    return "Reply", f"{times.at(reply['received_at'])}: «{brief(reply['body'])}»{meant}."


def told(trail: Trail, message: Row, times: Times) -> Station | None:
    """What the record it came from was told; None where it came from nowhere."""
    if trail.target is None:
        return None
    where = place(trail.target)
    if not trail.told:
        return Station("told", "ahead", None, f"Results will be told to {where}.")
    details = tuple(_line(w) for w in trail.told)
    wrong = [w for w in trail.told if w["state"] in ("refused", "dead")]
    waits = [w for w in trail.told if w["state"] == "new"]
    done = [w for w in trail.told if w["state"] == "done"]
    if wrong:
        words = f"Could not be told to {where}: {masked_in(wrong[-1]['words'])} {_REPAIR}"
        return Station("told", "stopped", None, words, details)
    if waits:
        why = f": {masked_in(waits[0]['words'])}" if waits[0]["words"] else "."
        words = f"Being told to {where}{why} Next try {times.at(waits[0]['due_at'])}."
        return Station("told", "waiting", None, words, details)
    first = done[-1]
    more = f", the last of {len(done)}" if len(done) > 1 else ""
    words = f"Told {where}: «{_said(first)}»{_where(first)}{more}."
    return Station("told", "done", first["done_at"], words, details)


_REPAIR = "Look at the connection; the message itself is not concerned."
_TOLD = {
    "done": "written",
    "new": "waiting",
    "refused": "refused for good",
    "dead": "given up",
}


def _said(write_back: Row) -> str:
    outcome = write_back["outcome"]  # of a person who was erased no word is left
    return brief(str(outcome.get("sentence") or outcome["kind"]))


def _where(write_back: Row) -> str:
    return f" ({write_back['reference']})" if write_back["reference"] else ""


def _line(write_back: Row) -> tuple[str, str]:
    words = f": {masked_in(write_back['words'])}" if write_back["words"] else "."
    said = f"«{_said(write_back)}» {_TOLD[write_back['state']]}{_where(write_back)}{words}"
    return str(write_back["outcome"]["kind"]), said
