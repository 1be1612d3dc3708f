"""What the pages of messages call things: reasons, records, moments, people."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from hub.contract import VOCABULARY
from hub.store.database import Row
from hub.store.numbers import unnamed
from hub.web.pages import states, written
from hub.web.pages.retold import told

REASONS: Mapping[str, Any] = {
    "all_circuits_open": lazy_gettext("No carrier answers"),
    "already": lazy_gettext("It was sent before"),
    "answered": lazy_gettext("They had answered already"),
    "arrived": lazy_gettext("The message before it arrived"),
    "by_hand": lazy_gettext("A person cancelled it"),
    "campaign_cancelled": lazy_gettext("Its campaign was cancelled"),
    "cancelled": lazy_gettext("It was no longer needed"),
    "cap": lazy_gettext("The person had enough messages"),
    "carrier_paused": lazy_gettext("The carrier is paused"),
    "code": lazy_gettext("Its discount code is being made"),
    "conditions": lazy_gettext("The conditions did not match"),
    "consent_withdrawn": lazy_gettext("The person withdrew consent"),
    "country": lazy_gettext("You do not send to this country"),
    "dead_number": lazy_gettext("The number no longer exists"),
    "erased": lazy_gettext("The person was erased"),
    "expired": lazy_gettext("It did not arrive in time"),
    "few_arrive": lazy_gettext("Too few of its kind arrive"),
    "holdout": lazy_gettext("The person is in the hold-out group"),
    "landline": lazy_gettext("The number is a landline"),
    "late": lazy_gettext("It would have come too late"),
    "message_cap": lazy_gettext("The limit of messages is reached"),
    "moved": lazy_gettext("The booking was moved"),
    "no_carrier": lazy_gettext("No carrier is connected"),
    "no_code": lazy_gettext("Its discount code could not be made"),
    "no_consent": lazy_gettext("The person did not agree"),
    "no_phone": lazy_gettext("There is no mobile number"),
    "no_price": lazy_gettext("No price is known"),
    "no_sender": lazy_gettext("No sender is set"),
    "no_template": lazy_gettext("The template is missing"),
    "no_text": lazy_gettext("It could not be written"),
    "not_reached": lazy_gettext("The carrier was not reached"),
    "outdated": lazy_gettext("Something newer had happened"),
    "past": lazy_gettext("Its time was over"),
    "paused": lazy_gettext("The automation is paused"),
    "reach": lazy_gettext("The hub asks whether RCS reaches them"),
    "repeat": lazy_gettext("The same words went a short while ago"),
    "replaced": lazy_gettext("A newer message took its place"),
    "restored": lazy_gettext("Held since a backup was restored"),
    "settled": lazy_gettext("A person settled it"),
    "spend_cap": lazy_gettext("The spending limit is reached"),
    "stale": lazy_gettext("The event was too old"),
    "stopped": lazy_gettext("The person sent STOP"),
    "surge": lazy_gettext("Far more than usual"),
    "testing": lazy_gettext("It is not a test number"),
    "too_long": lazy_gettext("It was too long"),
    "window": lazy_gettext("Outside sending hours"),
}
_NUMBERED: Mapping[str, Any] = {
    "order": lazy_gettext("order %(number)s"),
    "booking": lazy_gettext("booking %(number)s"),
    "deal": lazy_gettext("deal %(number)s"),
}
_NOUNS: Mapping[str, Any] = {
    "order": lazy_gettext("an order"), "cart": lazy_gettext("a cart"),
    "booking": lazy_gettext("a booking"), "deal": lazy_gettext("a deal"),
    "record": lazy_gettext("a record"), "row": lazy_gettext("a row"),
    "contact": lazy_gettext("a contact"), "workflow": lazy_gettext("a workflow"),
}  # fmt: skip
_MOMENTS: Mapping[str, Any] = {
    "scheduled": lazy_gettext("due %(time)s"),
    "held": lazy_gettext("held"),
    "sending": lazy_gettext("being sent"),
    "sent": lazy_gettext("sent %(time)s"),
    "delivered": lazy_gettext("delivered %(time)s"),
    "read": lazy_gettext("read %(time)s"),
    "skipped": lazy_gettext("not sent"),
    "cancelled": lazy_gettext("cancelled %(time)s"),
    "failed": lazy_gettext("failed %(time)s"),
    "expired": lazy_gettext("expired %(time)s"),
    "uncertain": lazy_gettext("uncertain"),
}
_LONGEST_NUMBER = 12  # characters: longer ones are a vendor's keys, not for eyes


def reason_of(row: Row) -> str:
    """Why, in a few words; nothing where the state says it all."""
    reason = row["reason"]
    if row.get("state") in ("uncertain", "scheduled", "sending", "sent", "delivered", "read"):
        return ""
    return str(REASONS.get(reason, told(unnamed(row.get("sentence") or ""))))


def record_of(subject: str, number: str | None = "") -> str:
    """«order 1043», «a cart»; nothing where it is about no record."""
    noun, _, name = subject.partition(":")
    shown = number or name
    if noun in _NUMBERED and 0 < len(shown) <= _LONGEST_NUMBER:
        return str(_NUMBERED[noun]) % {"number": shown}
    return str(_NOUNS.get(noun, ""))


def happening_of(kind: str | None) -> str:
    """«An order was placed», of an event's type."""
    known = VOCABULARY.get(kind or "")
    return told(known.says).rstrip(".") if known else (kind or "")


def name_of(row: Row) -> str:
    """A person's names; empty where nobody told any."""
    return " ".join(filter(None, (row.get("first_name"), row.get("last_name"))))


def title_of(message: Row, who: str, what: str) -> str:
    """«To Léa, order 1043, delivered 14:02»."""
    at = message["due_at"] if message["state"] == "scheduled" else message["changed_at"]
    same = at.astimezone(written.zone()).date() == written.now().astimezone(written.zone()).date()
    moment = written.clock(at) if same else written.moment(at)
    words = _MOMENTS.get(message["state"]) or str(states.state_of(message["state"]).words)
    ends = str(words) % {"time": moment}
    if not what:
        return str(gettext("To %(who)s, %(ends)s", who=who, ends=ends))
    return str(gettext("To %(who)s, %(what)s, %(ends)s", who=who, what=what, ends=ends))
