"""What one person would get: a template filled with a chosen sample, as SMS and as RCS."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import Connection

from hub.compose.alphabet import transliterate
from hub.compose.declared import variables_for
from hub.compose.extent.bounds import WIDE, value_of
from hub.compose.faults import RenderError, TemplateError
from hub.compose.language import compile_template, render
from hub.compose.lint import ShopWords
from hub.compose.preview import describe, lock_screen
from hub.compose.rcs.cards import compose, read
from hub.compose.segments import count, split, with_stop
from hub.compose.sender import sender_of
from hub.contract import Answer
from hub.contract.events import MADE
from hub.contract.rich import MOST_SUGGESTIONS
from hub.send.publish import agent_of, shop_words
from hub.store import samples
from hub.store.ground import Ground

_LINK = "https://lnk.fr/3fKx9QbT0a"


class _Options(TypedDict):
    """How a person is spoken to."""

    language: str
    zone: str
    defaults: Mapping[str, str]


def preview(
    ground: Ground,
    db: Connection,
    workspace_id: UUID,
    words: Mapping[str, Any],
    *,
    language: str = "",
    sample: str = "declared",
    variant: str = "",
    given: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """`words` is a template's row or as in the API; `sample` is declared, newest (a real event,
    where there is one) or longest; `given` are one real event's own values in its place. What
    cannot be made has its `problem` in words."""
    shop = shop_words(ground, db, workspace_id)
    own = words["variants"].get(variant, {})
    texts, documents = own.get("texts") or words["texts"], own.get("rich") or words["rich"]
    spoken = language if language in texts else next(iter(texts))
    values = _values(words["event"], shop, sample) | _real(db, workspace_id, words["event"], sample)
    if given is not None:  # whatever that event lacks is missing, and not made up
        values |= {v.name: None for v in variables_for(words["event"])} | {"brand": shop.brand}
        values |= {v.name: v.sample for v in MADE} | {"page_url": _link(shop)} | dict(given)
    rich = documents.get(spoken)
    agent = agent_of(ground, db, workspace_id)
    return {
        "language": spoken,
        "values": values,
        "sms": _sms(texts[spoken], words, shop, values, spoken),
        "rcs": _rcs(rich, words, shop, values, spoken) if rich else None,
        "agent": {n: getattr(agent, n) for n in ("name", "logo", "active")} if agent else None,
    }


def example(words: Mapping[str, Any], shop: ShopWords, language: str) -> str:
    """The SMS in this language with the declared samples; empty where it cannot be made."""
    values = _values(words["event"], shop, "declared")
    return str(_sms(words["texts"].get(language, ""), words, shop, values, language)["text"])


def _real(db: Connection, workspace_id: UUID, event: str, sample: str) -> dict[str, Any]:
    """The values of a real event; empty where there is none, or none is asked for."""
    name, _, place = sample.partition("-")
    if name != "newest" or not event:
        return {}
    wanted = int(place) if place in ("2", "3") else 1
    found = samples.of_event(db, workspace_id, event, wanted)
    return found[wanted - 1] if len(found) >= wanted else {}


def _values(event: str, shop: ShopWords, sample: str) -> dict[str, Any]:
    declared = variables_for(event) if sample != "empty" else ()
    values = {v.name: value_of(v, WIDE) if sample == "longest" else v.sample for v in declared}
    made = {v.name: v.sample for v in MADE} | {"page_url": _link(shop)}
    return values | made | {"brand": shop.brand}


def _link(shop: ShopWords) -> str:
    return _LINK.ljust(shop.link_length, "x")[: shop.link_length]


def _sms(
    source: str, words: Mapping[str, Any], shop: ShopWords, values: dict[str, Any], language: str
) -> dict[str, Any]:
    options: _Options = {"language": language, "zone": shop.zone, "defaults": words["defaults"]}
    text = sender = problem = ""
    try:
        text = _spoken(source, words, shop, values, options)
        sender = sender_of(words["sender"] or shop.sender, values, **options)
    except (RenderError, TemplateError) as error:
        problem = str(error)
    counted = count(text)
    return {
        "text": text,
        "parts": list(split(text)),
        "encoding": counted.encoding,
        "units": counted.units,
        "left": counted.left,
        "sender": sender,
        "lock_screen": lock_screen(text),
        "described": describe(text, sender),
        "problem": problem,
    }


def _spoken(
    source: str,
    words: Mapping[str, Any],
    shop: ShopWords,
    values: dict[str, Any],
    options: _Options,
) -> str:
    """The text as the phone shows it, with the STOP mention of marketing."""
    template = compile_template(source, variables_for(words["event"]))
    text = render(template, values, **options, shorten=lambda *_: _link(shop)).text
    if words["transliterate"]:
        text = transliterate(text)
    return with_stop(text, shop.stop_code) if words["kind"] == "marketing" else text


def _rcs(
    document: Any, words: Mapping[str, Any], shop: ShopWords, values: dict[str, Any], language: str
) -> dict[str, Any]:
    try:
        made = compose(
            read(document, variables_for(words["event"])),
            values,
            language=language,
            zone=shop.zone,
            defaults=words["defaults"],
            shorten=lambda *_: _link(shop),
            issue=lambda kind, word: "",
        )
    except (RenderError, TemplateError) as error:
        return {"content": None, "problem": str(error)}
    mention = words["kind"] == "marketing" and "STOP" not in made.as_text()
    if mention and len(made.suggestions) < MOST_SUGGESTIONS:  # as the sender adds it
        made = replace(made, suggestions=(*made.suggestions, Answer("STOP", "")))
    return {"content": made.as_json(), "problem": ""}
