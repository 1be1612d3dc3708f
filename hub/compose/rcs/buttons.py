"""The buttons of one RCS message: their words, their short addresses, the ids of their taps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.compose.faults import MissingVariable, RenderError, UnfitValue
from hub.compose.filters import Shorten
from hub.compose.language import Template
from hub.compose.rcs.numbers import dialable
from hub.compose.rcs.parts import SuggestionTemplate
from hub.compose.values import Unfit, moment_of, url_of
from hub.contract.rich import (
    MOST_CALENDAR_TEXT,
    MOST_CALENDAR_TITLE,
    MOST_LABEL,
    MOST_PLACE,
    MOST_URL,
    AddToCalendar,
    Answer,
    Dial,
    OpenUrl,
    ShowPlace,
    Suggestion,
)

Render = Callable[[Template], str]
_MOST = {
    "label": MOST_LABEL,
    "place": MOST_PLACE,
    "title": MOST_CALENDAR_TITLE,
    "description": MOST_CALENDAR_TEXT,
}
_USUAL_LENGTH = timedelta(hours=1)  # of an appointment whose end nobody told


@dataclass
class MakeButtons:
    """Makes them in order; addresses are counted over the whole message ("open:1", "open:2") but
    for those of a kind, which are labelled with it ("support")."""

    values: Mapping[str, object]
    zone: str
    shorten: Shorten | None
    issue: Callable[[str, str], str]
    opened: int = 0

    def make(
        self, suggestions: Sequence[SuggestionTemplate], render: Render
    ) -> tuple[Suggestion, ...]:
        """These buttons. Raises RenderError."""
        return tuple(self._one(suggestion, render) for suggestion in suggestions)

    def _one(self, suggestion: SuggestionTemplate, render: Render) -> Suggestion:
        words = {name: _within(name, render(t)) for name, t in suggestion.words.items()}
        label = words["label"]
        match suggestion.kind:
            case "answer":
                return Answer(label, self.issue("answer", suggestion.means or label))
            case "open":
                return OpenUrl(
                    label, self.issue("open", label), self._open(words["url"], suggestion.leads)
                )
            case "dial":
                return Dial(label, self.issue("dial", label), _number(words["phone"]))
            case "place":
                tap = self.issue("place", label)
                return ShowPlace(label, tap, *suggestion.at, words.get("place", ""))
            case _:
                return self._appointment(suggestion, words)

    def _open(self, address: str, leads: str) -> str:
        try:
            target = url_of(address)
        except Unfit as unfit:
            raise UnfitValue("url", str(unfit)) from None
        self.opened += 1
        label = leads or f"open:{self.opened}"
        short = self.shorten(target, label) if self.shorten else target
        if len(short) > MOST_URL:
            words = f"The address of a button has {len(short)} characters, more than {MOST_URL}."
            raise RenderError(f"{words} Use a shorter one.")
        return short

    def _appointment(
        self, suggestion: SuggestionTemplate, words: Mapping[str, str]
    ) -> AddToCalendar:
        first, last = suggestion.times
        starts = self._moment(first)
        if starts is None:
            raise MissingVariable(first)
        ends = self._moment(last) or starts + _USUAL_LENGTH
        return AddToCalendar(
            words["label"],
            self.issue("calendar", words["label"]),
            words["title"],
            starts.isoformat(timespec="seconds"),
            max(starts, ends).isoformat(timespec="seconds"),
            words.get("description", ""),
        )

    def _moment(self, name: str) -> datetime | None:
        value = self.values.get(name) if name else None
        if not value:
            return None
        try:
            moment: date = moment_of(value, self.zone)
        except Unfit as unfit:
            raise UnfitValue(name, str(unfit)) from None
        if not isinstance(moment, datetime):
            raise UnfitValue(name, "is a day without a time")
        return moment


def _within(name: str, words: str) -> str:
    most = _MOST.get(name, len(words))
    if len(words) > most:
        problem = f"«{words[:40]}…» has {len(words)} characters, and a button's {name} has {most}."
        raise RenderError(f"{problem} Shorten it in the template.")
    return words


def _number(words: str) -> str:
    number = dialable(words)
    if not number:
        raise UnfitValue("phone", "is not a number that begins with + and its country")
    return number
