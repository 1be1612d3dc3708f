"""The text that goes out: the pinned version, in the person's language, counted."""

import logging
from dataclasses import dataclass

from hub.compose.alphabet import transliterate
from hub.compose.language import RenderError, TemplateError, Variable, compile_template, render
from hub.compose.segments import count, stop_mention, with_stop
from hub.contract.events import GIVEN, MADE, PERSON, VOCABULARY
from hub.store.database import Row

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Written:
    """What the carrier is given (`text`), and what the phone shows (`encoding`, `parts`)."""

    text: str
    encoding: str
    parts: int


@dataclass(frozen=True)
class NotWritten:
    """Why there is no text: a code and a sentence."""

    reason: str
    sentence: str


def variables_of(event_type: str = "") -> tuple[Variable, ...]:
    """The variables a template for this event may use; all of them for a direct send."""
    kinds = [VOCABULARY[event_type]] if event_type in VOCABULARY else list(VOCABULARY.values())
    known: dict[str, Variable] = {v.name: v for v in (*PERSON, *MADE)}
    if not event_type:
        known.update({v.name: v for v in GIVEN})
    for kind in kinds:
        known.update({v.name: v for v in kind.variables})
    return tuple(known.values())


def source_in(template: Row, languages: tuple[str, ...]) -> str:
    """The template's text in the first of these languages it has, else in any."""
    texts: dict[str, str] = template["texts"]
    spoken = [short for language in languages if (short := language[:2].lower()) in texts]
    return texts[spoken[0]] if spoken else next(iter(texts.values()), "")


def _render(message: Row, template: Row) -> str:
    source = source_in(template, (message["language"],))
    return render(
        compile_template(source, variables_of()),
        message["variables"],
        language=message["language"],
        zone=message["zone"],
        defaults=template["defaults"],
    ).text


def write(message: Row, template: Row, stop_code: str, appends_stop: bool) -> Written | NotWritten:
    """Render one message. A hole, a broken template or too long a text is a reason, never sent."""
    try:
        text = _render(message, template)
    except (RenderError, TemplateError) as error:
        return NotWritten("no_text", f"Not sent: {error}")
    except Exception:  # one message's odd value must not hold up the batch it is claimed with
        log.exception("writing.failed", extra={"message": message["id"]})
        words = "Not sent: its template could not be filled in. Try the template with this event."
        return NotWritten("no_text", words)
    if template["transliterate"]:
        text = transliterate(text)
    mention = stop_mention(stop_code) if message["kind"] == "marketing" else ""
    whole = with_stop(text, stop_code) if mention else text
    counted = count(whole)
    if counted.parts > template["max_parts"]:
        return NotWritten(
            "too_long",
            f"Not sent: the text takes {counted.parts} parts and this template allows "
            f"{template['max_parts']}. Shorten it, or allow more parts.",
        )
    return Written(text if appends_stop else whole, counted.encoding, counted.parts)
