"""Why nothing was sent, in a few words: the codes of decisions, as a table has them."""

from flask_babel import lazy_gettext

from hub.web.pages.states import state_of

_WORDS = {
    "paused": lazy_gettext("the automation is off"),
    "stale": lazy_gettext("it happened too long before"),
    "conditions": lazy_gettext("a condition is not met"),
    "no_phone": lazy_gettext("no mobile number"),
    "landline": lazy_gettext("a landline"),
    "testing": lazy_gettext("not on the test list"),
    "country": lazy_gettext("a country you do not send to"),
    "dead_number": lazy_gettext("the number does not exist any more"),
    "stopped": lazy_gettext("the person said STOP"),
    "no_consent": lazy_gettext("no consent to marketing"),
    "consent_withdrawn": lazy_gettext("consent was withdrawn"),
    "already": lazy_gettext("it was answered before"),
    "cancelled": lazy_gettext("something ended it meanwhile"),
    "moved": lazy_gettext("the booking was moved"),
    "answered": lazy_gettext("the person had answered"),
    "past": lazy_gettext("the booking had begun"),
    "outdated": lazy_gettext("there was newer news"),
    "cap": lazy_gettext("too many messages to one person"),
    "no_template": lazy_gettext("the template is missing"),
    "window": lazy_gettext("outside sending hours"),
    "late": lazy_gettext("it would have been late"),
    "holdout": lazy_gettext("left out to compare with"),
    "repeat": lazy_gettext("the same words went before"),
    "no_text": lazy_gettext("the text could not be written"),
    "too_long": lazy_gettext("the text was too long"),
    "replaced": lazy_gettext("a newer event took its place"),
}


def reason_words(reason: str) -> str:
    """A reason in words; one that is not known as it is called."""
    return str(_WORDS.get(reason) or state_of(reason).words)
