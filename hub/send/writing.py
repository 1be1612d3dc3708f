"""The text that goes out: the pinned version, in the person's language, counted; as RCS or SMS."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import orjson

from hub.compose.alphabet import transliterate
from hub.compose.declared import variables_for
from hub.compose.faults import RenderError, TemplateError
from hub.compose.language import Template, compile_template, render
from hub.compose.rcs.cards import RichTemplate, compose, read
from hub.compose.segments import count, stop_mention, with_stop
from hub.compose.sender import sender_of
from hub.contract import Answer, Rich
from hub.contract.rich import MOST_SUGGESTIONS
from hub.send.links import Links
from hub.store import postbacks
from hub.store.database import Row

log = logging.getLogger(__name__)

_UNFILLED = "its template could not be filled in. Try the template with this event."


@dataclass(frozen=True)
class Written:
    """What the carrier is given (`text`, `rich`), and what the phone shows (`encoding`, `parts`).

    `links` and `postbacks` are rows that go with it; `sense` is the digest of what it says of what.
    """

    text: str
    encoding: str
    parts: int
    rich: Rich | None = None
    links: Sequence[dict[str, Any]] = ()
    postbacks: Sequence[dict[str, Any]] = ()
    sense: bytes = b""


@dataclass(frozen=True)
class NotWritten:
    """Why there is no text: a code and a sentence."""

    reason: str
    sentence: str


@dataclass
class Desk:
    """What one message is written with: its row, its pinned template, its merchant, its links.

    `made` are the variables that the hub makes (a code of the person's own).
    """

    message: Row
    template: Row
    shop: Row
    links: Links
    made: Mapping[str, Any] = field(default_factory=dict)
    issued: list[dict[str, Any]] = field(default_factory=list)

    @property
    def stop(self) -> str:
        """How to leave, where the message must say so."""
        wanted = self.message["kind"] == "marketing"
        return stop_mention(self.shop["stop_code"]) if wanted else ""

    def values(self, names: frozenset[str]) -> dict[str, Any]:
        """The variables, with those that the hub makes where the template names them."""
        page = {"page_url": self.links.page()} if "page_url" in names else {}
        return {**self.message["variables"], **self.made, **page}

    def issue(self, kind: str, word: str) -> str:
        """A new postback for a suggestion."""
        token = postbacks.new_token()
        self.issued.append(
            {
                "token": token,
                "workspace_id": self.shop["id"],
                "message_id": self.message["id"],
                "kind": kind,
                "word": word[:200],
            }
        )
        return token

    def sender(self) -> str:
        """Who it comes from: the message's own sender, the template's, the merchant's. Raises
        TemplateError or RenderError."""
        source = self.message["sender"] or self.template["sender"] or self.shop["sender"]
        return sender_of(
            source,
            {**self.message["variables"], **self.made},
            language=self.message["language"],
            zone=self.message["zone"],
            defaults=self.template["defaults"],
        )

    def wording(self, part: str) -> Mapping[str, Any]:
        """The texts («texts») or the RCS documents («rich») by language, of this message's own
        variant where it has one."""
        own = self.template["variants"].get(self.message["variant"] or "", {})
        found: Mapping[str, Any] = own.get(part) or self.template[part]
        return found


def source_in(by_language: Mapping[str, str], language: str) -> str:
    """The text in this language, else in any; nothing where there is none."""
    own = by_language.get(language[:2].lower())
    return own or next(iter(by_language.values()), "")


def write(desk: Desk, appends_stop: bool) -> Written | NotWritten:
    """The SMS. A hole, a broken template or too long a text is a reason, never sent."""
    try:
        text = _sms(desk)
    except (RenderError, TemplateError) as error:
        return NotWritten("no_text", f"Not sent: {error}")
    except Exception:  # one message's odd value must not hold up the batch it is claimed with
        log.exception("writing.failed", extra={"message_id": desk.message["id"]})
        return NotWritten("no_text", f"Not sent: {_UNFILLED}")
    whole = with_stop(text, desk.shop["stop_code"]) if desk.stop else text
    counted = count(whole)
    if counted.parts > desk.template["max_parts"]:
        return NotWritten(
            "too_long",
            f"Not sent: the text takes {counted.parts} parts and this template allows "
            f"{desk.template['max_parts']}. Shorten it, or allow more parts.",
        )
    return Written(
        text if appends_stop else whole,
        counted.encoding,
        counted.parts,
        links=desk.links.rows,
        sense=_sense(desk, text),
    )


def _sms(desk: Desk) -> str:
    message = desk.message
    template = _template(source_in(desk.wording("texts"), message["language"]))
    text = render(
        template,
        desk.values(template.names),
        language=message["language"],
        zone=message["zone"],
        defaults=desk.template["defaults"],
        shorten=desk.links.shorten,
    ).text
    return transliterate(text) if desk.template["transliterate"] else text


@lru_cache(maxsize=1024)
def _template(source: str) -> Template:
    return compile_template(source, variables_for())


def write_rich(desk: Desk) -> Written | NotWritten:
    """The RCS message; why there is none is a reason to send the SMS instead."""
    message = desk.message
    document = desk.wording("rich").get(message["language"][:2].lower())
    if not document:
        return NotWritten("no_rich", "the template has no RCS in this language.")
    try:
        template = _rich_template(orjson.dumps(document))
        rich = compose(
            template,
            desk.values(template.names),
            language=message["language"],
            zone=message["zone"],
            defaults=desk.template["defaults"],
            shorten=desk.links.shorten,
            issue=desk.issue,
        )
    except (RenderError, TemplateError) as error:
        return NotWritten("no_rich", str(error))
    except Exception:
        log.exception("writing.failed", extra={"message_id": message["id"]})
        return NotWritten("no_rich", _UNFILLED)
    rich = _leavable(desk, rich)
    text = rich.as_text()
    sense = _sense(desk, text)
    return Written(text, "", 1, rich, desk.links.rows, desk.issued, sense)


@lru_cache(maxsize=1024)
def _rich_template(document: bytes) -> RichTemplate:
    return read(orjson.loads(document), variables_for())


def _leavable(desk: Desk, rich: Rich) -> Rich:
    """Marketing by RCS ends with a way to leave, one tap away."""
    mention = desk.stop
    if not mention or "STOP" in rich.as_text() or len(rich.suggestions) >= MOST_SUGGESTIONS:
        return rich
    stop = Answer("STOP", desk.issue("answer", "STOP"))
    return replace(rich, suggestions=(*rich.suggestions, stop))


def _sense(desk: Desk, text: str) -> bytes:
    """What it says and of which record: a new cart with the same things in it is a new matter."""
    said = f"{desk.message['subject']} {desk.links.without(text)}"
    return hashlib.sha256(" ".join(said.split()).encode()).digest()
