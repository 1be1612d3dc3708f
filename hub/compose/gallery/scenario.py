"""What the gallery holds: a scenario, and its text in one language by one channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["marketing", "transactional"]


@dataclass(frozen=True)
class Text:
    """One language's message: its title and advice to the merchant, defaults, template source.

    `parts` is how many an SMS is meant to take at most and `why` where it is not one; an RCS has
    its `document` and no source.
    """

    language: str
    channel: str
    title: str
    advice: str
    source: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)
    parts: int = 1
    why: str = ""
    document: Any = None


@dataclass(frozen=True)
class Scenario:
    """A situation worth a message: the events that start it, its kind, the variables it offers.

    No event means that the hub itself sends it (the answer to STOP), or a program does. `page` is
    the layout of the page behind page_url, `coupon` what its code is worth, `replies` says that an
    answer is awaited.
    """

    slug: str
    events: tuple[str, ...]
    kind: Kind
    variables: tuple[str, ...]
    texts: tuple[Text, ...]
    sector: str = ""
    page: str = ""
    coupon: Mapping[str, Any] | None = None
    replies: bool = False

    def text(self, language: str, channel: str = "sms") -> Text | None:
        """The message in that language, if the gallery has it."""
        return next((t for t in self.texts if (t.language, t.channel) == (language, channel)), None)

    def spoken(self, channel: str) -> tuple[Text, ...]:
        """The messages on this channel, by language."""
        return tuple(text for text in self.texts if text.channel == channel)

    def as_template(self) -> dict[str, Any]:
        """What `templates.save` takes of it. The hub spells costly characters cheaply."""
        spoken, rich = self.spoken("sms"), self.spoken("rcs")
        english = self.text("en") or next(iter(self.texts), None)
        return {
            "kind": self.kind,
            "title": english.title if english else self.slug,
            "texts": {t.language: t.source for t in spoken},
            "rich": {t.language: t.document for t in rich},
            "defaults": {name: words for t in spoken for name, words in t.defaults.items()},
            "event": self.events[0] if len(self.events) == 1 else "",
            "transliterate": True,
            "expects_replies": self.replies,
            "page": self.page,
            "coupon": self.coupon,
        }
