"""Which guide says more about a reason: why a message was not sent, is held, or is uncertain."""

from collections.abc import Mapping

WHY = "why-was-it-not-sent"

# Reasons that are told together share an anchor.
_ANCHORS: Mapping[str, str] = {
    "paused": "paused", "stale": "stale", "conditions": "conditions", "no_phone": "no_phone",
    "landline": "no_phone", "testing": "testing", "country": "country",
    "dead_number": "dead_number", "stopped": "stopped", "no_consent": "no_consent",
    "consent_withdrawn": "no_consent", "already": "already", "repeat": "already",
    "replaced": "outdated", "outdated": "outdated", "cancelled": "cancelled", "moved": "cancelled",
    "answered": "cancelled", "arrived": "cancelled", "past": "late", "late": "late",
    "expired": "late", "cap": "cap", "no_template": "no_template", "no_text": "no_template",
    "too_long": "no_template", "window": "window", "holdout": "holdout", "by_hand": "by_hand",
    "campaign_cancelled": "by_hand", "settled": "by_hand", "erased": "erased",
    "spend_cap": "spend_cap", "message_cap": "spend_cap", "surge": "spend_cap",
    "few_arrive": "spend_cap", "no_price": "no_price", "no_sender": "no_sender",
    "no_carrier": "no_carrier", "all_circuits_open": "no_carrier", "carrier_paused": "no_carrier",
    "not_reached": "no_carrier", "reach": "reach", "code": "code", "no_code": "code",
    "restored": "restored",
}  # fmt: skip
_ELSEWHERE: Mapping[str, str] = {"uncertain": "/guides/uncertain"}


def guide_for(reason: str) -> str:
    """The path of what is written about a reason (a state's name too); "" where nothing is."""
    anchor = _ANCHORS.get(reason)
    return f"/guides/{WHY}#{anchor}" if anchor else _ELSEWHERE.get(reason, "")
