"""Texts as they would have been: the words of one template for one message, counted and priced."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from hub.automations.foreseeing.foreseen import Words
from hub.automations.wordings import channel_of
from hub.compose.alphabet import transliterate
from hub.compose.declared import variables_for
from hub.compose.faults import RenderError, TemplateError
from hub.compose.language import Template, compile_template, render
from hub.compose.rcs.cards import RichTemplate, compose, read
from hub.compose.segments import count, with_stop
from hub.contract.events import MADE
from hub.store.database import Row

log = logging.getLogger(__name__)

_LINK = "3fKx9QbT0a"
_MADE = {one.name: one.sample for one in MADE}
_UNFILLED = "its template could not be filled in. Try the template with this event."


class Said(NamedTuple):
    """A text with why there is none ("no_text", "too_long", or nothing), and what it says of what:
    the same words with the same links about the same thing."""

    text: str
    parts: int
    encoding: str
    channel: str
    reason: str
    problem: str
    sense: tuple[str, ...]

    def words(self, leaves: datetime) -> Words:
        """The same as it is shown."""
        return Words(self.text, self.parts, self.encoding, self.channel, leaves, self.problem)


@dataclass
class Writer:
    """Writes with one template's words (as `templates.get` has them) for one merchant. `base` is
    what the short links begin with."""

    template: Mapping[str, Any]
    shop: Row
    base: str
    _links: list[str] = field(default_factory=list)

    def write(self, message: Mapping[str, Any]) -> Said:
        """The text of one message, as its row would have it."""
        self._links = []
        variant = message["variant"] or ""
        if channel_of(self.template, variant) == "rcs":
            found = self._rich(message, variant)
            if found is not None:
                return found
        return self._sms(message, variant)

    def _sms(self, message: Mapping[str, Any], variant: str) -> Said:
        texts = self._wording("texts", variant)
        source = texts.get(message["language"][:2].lower()) or next(iter(texts.values()), "")
        try:
            template = _compiled(source)
            text = render(template, self._values(message, template.names),
                          shorten=self._shorten, **self._spoken(message)).text  # fmt: skip
        except (RenderError, TemplateError) as error:
            return _unwritten("no_text", f"Not sent: {error}")
        except Exception:  # one message's odd value must not end the look at all others
            log.exception("foreseeing.failed")
            return _unwritten("no_text", f"Not sent: {_UNFILLED}")
        text = transliterate(text) if self.template["transliterate"] else text
        sense = (message["subject"], " ".join(text.split()), *self._links)
        if message["kind"] == "marketing":
            text = with_stop(text, self.shop["stop_code"])
        counted = count(text)
        most = self.template["max_parts"]
        if counted.parts > most:
            words = (
                f"Not sent: the text takes {counted.parts} parts and this template allows {most}. "
                "Shorten it, or allow more parts."
            )
            return _unwritten("too_long", words)
        return Said(text, counted.parts, counted.encoding, "sms", "", "", sense)

    def _rich(self, message: Mapping[str, Any], variant: str) -> Said | None:
        """None where the SMS goes instead, as it does on the road."""
        document = self._wording("rich", variant).get(message["language"][:2].lower())
        if not document:
            return None
        try:
            template = _rich_compiled(orjson.dumps(document))
            rich = compose(template, self._values(message, template.names),
                           shorten=self._shorten, issue=lambda kind, word: "",
                           **self._spoken(message))  # fmt: skip
        except Exception:
            return None
        text = rich.as_text()
        return Said(text, 1, "", "rcs", "", "", (message["subject"], text, *self._links))

    def _wording(self, part: str, variant: str) -> Mapping[str, Any]:
        own = self.template["variants"].get(variant, {})
        found: Mapping[str, Any] = own.get(part) or self.template[part]
        return found

    def _values(self, message: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
        made = {name: value for name, value in _MADE.items() if name in names}
        page = {"page_url": f"{self.base}/{_LINK}"} if "page_url" in names else {}
        return {**message["variables"], **made, **page}

    def _spoken(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "language": message["language"],
            "zone": message["zone"],
            "defaults": self.template["defaults"],
        }

    def _shorten(self, target: str, label: str = "") -> str:
        """As long as a real short link, and the same for every message."""
        if not target.startswith(f"{self.base}/"):
            self._links.append(f"{target}#{label}")
            return f"{self.base}/{_LINK}"
        return target


def _unwritten(reason: str, problem: str) -> Said:
    return Said("", 0, "", "sms", reason, problem, ())


@lru_cache(maxsize=256)
def _compiled(source: str) -> Template:
    return compile_template(source, variables_for())


@lru_cache(maxsize=256)
def _rich_compiled(document: bytes) -> RichTemplate:
    return read(orjson.loads(document), variables_for())
