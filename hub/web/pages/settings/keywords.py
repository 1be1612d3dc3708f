"""Keywords: what an answer is understood as, in every language, and a box to try one in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext

from hub.automations.house_rules import rules_of
from hub.automations.reading import DocumentError
from hub.compose import keywords
from hub.compose.keywords import Keyword
from hub.web.pages.retold import told
from hub.web.pages.settings.rulebook import Clash, rewrite, seen_of
from hub.web.pages.settings.wing import shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_PATH = "/settings/keywords"
_LONGEST = 300
# Each meaning, its drawing, and what the hub does then.
MEANINGS: Sequence[tuple[Keyword, str, Any, Any]] = (
    (Keyword.STOP, "hand-stop", lazy_gettext("Stop"), lazy_gettext(
        "The number gets no marketing any more, whatever a system says. What waits for it is "
        "cancelled, and every connected system is told.")),
    (Keyword.START, "player-play", lazy_gettext("Start"), lazy_gettext(
        "Takes a STOP back: the number may be written to again where it agreed.")),
    (Keyword.YES, "check", lazy_gettext("Yes"), lazy_gettext(
        "Confirms the booking that was asked about. Without a question it is a plain answer.")),
    (Keyword.NO, "x", lazy_gettext("No"), lazy_gettext(
        "Gives the booked time free. Without a question it is a plain answer.")),
    (Keyword.REPORT, "calendar", lazy_gettext("Later"), lazy_gettext(
        "Asks for another date of the booking. Without a question it is a plain answer.")),
    (Keyword.OTHER, "message", lazy_gettext("Something else"), lazy_gettext(
        "A plain answer: it waits in the inbox for one of you.")),
)  # fmt: skip


@wing.way(f"POST {_PATH}", may="see")
def try_keyword(visit: Visit) -> Shown:
    """What an answer would be understood as. Nothing is kept of it, nor put into an address."""
    return _shown(visit, visit.form.get("text", "")[: _LONGEST + 1], _kept(shop_of(visit)), {})


@wing.way(f"GET {_PATH}", may="see")
def keyword_list(visit: Visit) -> Shown:
    """All words, by what they mean."""
    return _shown(visit, "", _kept(shop_of(visit)), {})


@wing.way(f"POST {_PATH}/own", may="manage")
def put_own(visit: Visit) -> Shown | Go:
    """Write the workspace's own words, by what they mean."""
    form = {means: visit.form.get(means, "") for means in keywords.OWN}
    wrong = dict(_problems(form))
    if wrong:
        return _shown(visit, "", form, wrong)
    own = {means.value: given for means, typed in form.items() if (given := _phrases(typed))}
    try:
        rewrite(visit, lambda shop: {"rules": {**shop["rules"], "keywords": own}})
    except (Clash, DocumentError):
        return _shown(visit, "", form, {}, clash=True)
    return Go(_PATH, said=gettext("Your words count from now on."))


def _phrases(typed: str) -> list[str]:
    return list(dict.fromkeys(p.strip() for p in re.split(r"[,;\n]", typed) if p.strip()))


def _problems(form: Mapping[Keyword, str]) -> Iterator[tuple[str, str]]:
    given: set[str] = set()
    for means, typed in form.items():
        phrases = _phrases(typed)
        if len(phrases) > keywords.MOST_OWN:
            yield means, gettext("At most %(count)s wordings of your own.", count=keywords.MOST_OWN)
        for phrase in phrases:
            if problem := keywords.unfit(phrase, means):
                yield means, f"«{phrase[:60]}»: {told(problem)}"
            elif (said := keywords.compared(phrase)) in given:
                words = gettext("«%(words)s» can mean one thing only.", words=phrase)
                yield means, words
            else:
                given.add(said)


def _kept(shop: Mapping[str, Any]) -> dict[Keyword, str]:
    own = rules_of(shop).keywords
    return {means: ", ".join(own.get(means, ())) for means in keywords.OWN}


def _shown(
    visit: Visit,
    text: str,
    own: Mapping[Keyword, str],
    wrong: Mapping[str, str],
    clash: bool = False,
) -> Shown:
    shop = shop_of(visit)
    words = keywords.own_words(rules_of(shop).keywords)
    meant = keywords.read(text, shop["stop_code"], words) if text.strip() else None
    values = {
        "shop": shop, "form": {"text": text}, "meanings": MEANINGS, "own": own, "wrong": wrong,
        "found": next((one for one in MEANINGS if one[0] == meant), None), "clash": clash,
        "choice": keywords.choice(text), "words_of": keywords.words_of, "seen": seen_of(shop),
    }  # fmt: skip
    return Shown("settings/keywords.html", values, 422 if wrong else 409 if clash else 200)
