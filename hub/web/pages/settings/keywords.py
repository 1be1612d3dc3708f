"""Keywords: what an answer is understood as, in every language, and a box to try one in."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext

from hub.compose import keywords
from hub.compose.keywords import Keyword
from hub.web.pages.settings.wing import shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Shown

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


@wing.way("POST /settings/keywords", may="see")
def try_keyword(visit: Visit) -> Shown:
    """What an answer would be understood as. Nothing is kept of it, nor put into an address."""
    return _shown(visit, visit.form.get("text", "")[: _LONGEST + 1])


@wing.way("GET /settings/keywords", may="see")
def keyword_list(visit: Visit) -> Shown:
    """All words, by what they mean."""
    return _shown(visit, "")


def _shown(visit: Visit, text: str) -> Shown:
    shop = shop_of(visit)
    meant = keywords.read(text, shop["stop_code"]) if text.strip() else None
    values = {
        "shop": shop, "form": {"text": text}, "meanings": MEANINGS,
        "found": next((one for one in MEANINGS if one[0] == meant), None),
        "choice": keywords.choice(text), "words_of": keywords.words_of,
    }  # fmt: skip
    return Shown("settings/keywords.html", values)
