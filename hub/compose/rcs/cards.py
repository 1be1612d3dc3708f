"""RCS made of a document and one person's values: a text, a card or a carousel with its buttons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.compose.faults import EmptyText, MissingVariable, RenderError, UnfitValue
from hub.compose.filters import Shorten, items_of
from hub.compose.language import Template, render
from hub.compose.rcs.buttons import MakeButtons
from hub.compose.rcs.parts import CardErrors, CardTemplate, MediaTemplate, RichTemplate
from hub.compose.rcs.pictures import type_of
from hub.compose.rcs.reading import read
from hub.compose.values import Unfit
from hub.contract.rich import (
    CARDS,
    MOST_CARD_TEXT,
    MOST_TEXT,
    MOST_TITLE,
    MOST_URL,
    Card,
    Media,
    Rich,
)

__all__ = ["CardErrors", "Issue", "NoItems", "RichTemplate", "compose", "read"]

Issue = Callable[[str, str], str]  # (kind, word) become the id that a tap brings back


class NoItems(RenderError):
    """There is nothing to make cards of."""


@dataclass(frozen=True)
class _Person:
    """What one message is made with; `item` is the one a card is for."""

    values: Mapping[str, object]
    options: Mapping[str, Any]
    shorten: Shorten | None
    item: object = None

    def say(self, template: Template | None, most: int = MOST_TEXT) -> str:
        """The words, "" where there are none. Raises RenderError, also where they are too long."""
        if template is None:
            return ""
        try:
            text = self.render(template, self.shorten)
        except EmptyText:
            return ""
        if len(text) > most:
            words = f"«{text[:40]}…» has {len(text)} characters, and RCS takes {most} there."
            raise RenderError(f"{words} Shorten it in the template.")
        return text

    def render(self, template: Template, shorten: Shorten | None = None) -> str:
        """The words as they are."""
        made = render(template, self.values, **self.options, shorten=shorten, item=self.item)
        return made.text


def compose(
    template: RichTemplate,
    values: Mapping[str, object],
    *,
    language: str,
    zone: str,
    defaults: Mapping[str, str],
    shorten: Shorten | None,
    issue: Issue,
) -> Rich:
    """The message for one person. `values`, `language`, `zone` and `defaults` are as in `render`.

    Every address behind a button goes through `shorten(address, "open:1")` by itself, labelled
    with the button's kind where it has one ("support");
    `issue(kind, word)` gives a tap's id. Raises RenderError where it cannot be made, and NoItems
    where there is no item to show: the SMS beneath is sent then.
    """
    options = {"language": language, "zone": zone, "defaults": defaults}
    person = _Person(values, options, shorten)
    buttons = MakeButtons(values, zone, shorten, issue)
    cards = tuple(
        _card(card, one, buttons) for card, one in _repeated(template, person)[: CARDS[1]]
    )
    text = person.say(template.text)
    if not text and not cards:
        raise EmptyText("The message is empty for this person. Add words outside the «if».")
    return Rich(text, cards, buttons.make(template.suggestions, person.render))


def _repeated(template: RichTemplate, person: _Person) -> list[tuple[CardTemplate, _Person]]:
    """Each card with whom it is made for."""
    if not template.each:
        return [(card, person) for card in template.cards]
    try:
        items = items_of(person.values.get(template.each) or [])
    except Unfit as unfit:
        raise UnfitValue(template.each, str(unfit)) from None
    if not items:
        raise NoItems(f"There is nothing in «{template.each}» to show as cards.")
    return [(template.cards[0], replace(person, item=item)) for item in items]


def _card(card: CardTemplate, person: _Person, buttons: MakeButtons) -> Card:
    title = person.say(card.title, MOST_TITLE)
    text = person.say(card.text, MOST_CARD_TEXT)
    media = _media(card.media, person) if card.media else None
    if not title and not media:
        raise RenderError("A card has neither a picture nor a title. Give it a title.")
    return Card(title, text, media, buttons.make(card.suggestions, person.render))


def _media(media: MediaTemplate, person: _Person) -> Media | None:
    """The picture; None where this person's item has none that a phone would load."""
    url = _address(media.url, person)
    kind = media.type or type_of(url)
    if not url or not kind:
        return None
    return Media(url, kind, media.height, _address(media.thumbnail, person))


def _address(template: Template | None, person: _Person) -> str:
    """An https address, "" where there is none."""
    if template is None:
        return ""
    try:
        url = person.render(template)
    except (MissingVariable, UnfitValue, EmptyText):
        return ""
    return url if url.startswith("https://") and len(url) <= MOST_URL else ""
