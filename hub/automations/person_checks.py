"""Checks about the person: a number a message can go to, the country, STOP, consent, the caps."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from functools import lru_cache

from hub.automations.answers import no, yes
from hub.automations.caps import EVERY, CapSeen
from hub.automations.document import Automation
from hub.automations.facts import Check, ConsentSeen, Facts
from hub.automations.windows import zone_of
from hub.automations.wording import country_name, listed, moment


def check_phone(automation: Automation, facts: Facts) -> Check:
    """Whether there is a mobile number."""
    asked, person = "Is there a mobile number?", facts.person
    if person is None or not person.phone or person.phone_problem:
        problem = (person.phone_problem if person else "") or "No phone number was given."
        words = f"Not sent: {_lower(problem)} Correct the phone number in the shop or CRM."
        return no("no_phone", asked, "none", words, check="phone")
    if person.kind == "landline":
        words = (
            f"Not sent: {person.phone} is a landline, and text messages go to mobiles. "
            "Ask for a mobile number."
        )
        return no("landline", asked, person.phone, words, check="phone")
    return yes(asked, person.phone, f"It goes to {person.phone}.", check="phone")


def check_testing(automation: Automation, facts: Facts) -> Iterator[Check]:
    """Whether the number is a test number, where nothing else is sent to; nothing elsewhere."""
    if not facts.testing:
        return
    asked, person = "Is it a test number?", facts.person
    if person is not None and person.tester:
        words = "This workspace is in test mode, and the number is on its test list."
        yield yes(asked, "yes", words, check="testing")
        return
    words = (
        "Not sent: this workspace is in test mode, and the number is not on its test list. "
        "Add the number to the list, or go live: the sending rules have both."
    )
    yield no("testing", asked, "no", words, check="testing")


_COUNTRY = "Does this workspace send to the number's country?"


@lru_cache(maxsize=1024)
def _allowed(country: str, among: tuple[str, ...]) -> Check:
    data = {"check": "country", "country": country, "allowed": list(among)}
    return yes(_COUNTRY, country or "unknown", "The country is allowed.", **data)


def check_country(automation: Automation, facts: Facts) -> Check:
    """Whether the workspace sends to the number's country; no list means every country."""
    asked = _COUNTRY
    country = facts.person.country if facts.person else ""
    if not facts.allowed_countries or country in facts.allowed_countries:
        return _allowed(country, facts.allowed_countries)
    data = {"check": "country", "country": country, "allowed": list(facts.allowed_countries)}
    where = country_name(country) or "an unknown country"
    words = (
        f"Not sent: the number is from {where}, where this workspace does not send. "
        "Add the country in the settings if it should."
    )
    return no("country", asked, country or "unknown", words, **data)


_ALIVE = yes(
    "Does the number still exist?",
    "as far as known",
    "No carrier has called it dead.",
    check="dead_number",
)


def check_number_lives(automation: Automation, facts: Facts) -> Check:
    """Whether carriers still know the number."""
    if not facts.dead_number:
        return _ALIVE
    asked = _ALIVE.asked
    words = (
        "Not sent: carriers said more than once that this number does not exist. "
        "Ask the person for a new one, or lift the block on the person's page."
    )
    return no("dead_number", asked, "no", words, check="dead_number")


_NO_STOP = yes("Did the person say STOP?", "no", "The person has not said STOP.", check="stopped")


def check_stop(automation: Automation, facts: Facts) -> Check:
    """Whether a STOP stands against it: against marketing always, else where it covers all."""
    asked, stop = _NO_STOP.asked, facts.stopped
    if stop is None:
        return _NO_STOP
    when = moment(stop.at, zone_of(facts.window))
    data = {"check": "stopped", "at": stop.at.isoformat(), "source": stop.source}
    if not automation.marketing and not stop.everything:
        words = f"STOP came {when}; it ends marketing, not messages about an order or a booking."
        return yes(asked, f"yes, {when}", words, **data)
    words = (
        f"Not sent: the person said STOP {when} ({stop.source}). "
        "Only the person can undo it, by writing START or agreeing again."
    )
    return no("stopped", asked, f"yes, {when}", words, **data)


_NEEDS_NONE = yes(
    "Did the person agree to marketing messages?",
    "not needed",
    "A message about an order or a booking needs no marketing consent.",
    check="consent",
)


def check_consent(automation: Automation, facts: Facts) -> Check:
    """Whether the person agreed to marketing; other messages need no consent."""
    asked, consent = _NEEDS_NONE.asked, facts.consent
    if not automation.marketing:
        return _NEEDS_NONE
    if consent is None:
        words = (
            "Not sent: this person never agreed to marketing messages. "
            "Ask for consent at checkout, and later events are answered."
        )
        return no("no_consent", asked, "never", words, check="consent")
    return _said(consent, zone_of(facts.window))


@lru_cache(maxsize=1024)
def _said(consent: ConsentSeen, zone: tzinfo) -> Check:
    asked, when = _NEEDS_NONE.asked, moment(consent.at, zone)
    data = {"check": "consent", "at": consent.at.isoformat(), "source": consent.source}
    if not consent.granted:
        words = (
            f"Not sent: the person said no to marketing {when} ({consent.source}). "
            "Only the person can give it again."
        )
        return no("consent_withdrawn", asked, f"withdrawn {when}", words, **data)
    return yes(asked, f"yes, {when}", f"The person agreed {when} ({consent.source}).", **data)


_ENOUGH = "Has the person had few enough messages?"


@lru_cache(maxsize=1024)
def _few_enough(caps: tuple[CapSeen, ...]) -> Check:
    seen = listed(map(str, caps), "and")
    return yes(_ENOUGH, seen, f"{_counted(caps)} so far: {seen}.", **_cap_data(caps[0]))


def check_cap(automation: Automation, facts: Facts) -> Check:
    """Whether the person has had enough, over all automations: every cap on this kind is asked."""
    asked = _ENOUGH
    caps = [cap for cap in facts.caps if cap.covers(automation.kind)]
    if not caps:
        words = "The limits are for marketing only."
        if automation.marketing:
            words = "There is no limit on how often a person is written to."
        return yes(asked, "not needed", words, check="cap")
    full = next((cap for cap in caps if cap.full), None)
    if full is None:
        return _few_enough(tuple(caps))
    words = (
        f"Not sent: {_counted([full]).lower()} to this person have reached the limit ({full}). "
        "The limit is in the sending rules."
    )
    return no("cap", asked, str(full), words, **_cap_data(full))


def _counted(caps: Sequence[CapSeen]) -> str:
    return (
        "Messages" if any(cap.kind == EVERY for cap in caps) else f"{caps[0].kind.title()} messages"
    )


def _cap_data(cap: CapSeen) -> dict[str, object]:
    return {"check": "cap", "recent": cap.recent, "cap": cap.messages, "minutes": cap.minutes}


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
