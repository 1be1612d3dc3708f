"""Lengths: how many parts a text takes, usually and at the very most, without asking for events."""

from dataclasses import dataclass, replace
from functools import lru_cache

import orjson

from hub.compose.faults import TemplateError
from hub.compose.lint.bill import bill_of
from hub.compose.lint.case import case_of
from hub.compose.lint.findings import Samples, ShopWords
from hub.send.publish import words_of


@dataclass(frozen=True)
class Length:
    """Parts of an SMS with the declared samples, and with the widest values."""

    usual: int
    most: int


def length_of(document: dict[str, object], language: str, shop: ShopWords) -> Length | None:
    """Of one language's text; None where it cannot be read. Kept: a list has many of them."""
    texts = document.get("texts")
    told = {
        **document,
        "texts": {language: texts.get(language, "") if isinstance(texts, dict) else ""},
    }
    asked = orjson.dumps({**told, "rich": {}, "variants": {}}, option=orjson.OPT_SORT_KEYS)
    bare = (shop.brand, shop.stop_code, shop.sender, shop.country, shop.link_length, shop.zone)
    return _length(asked, language, bare)


@lru_cache(maxsize=4096)
def _length(
    asked: bytes, language: str, bare: tuple[str, str, str, str, int, str]
) -> Length | None:
    brand, stop_code, sender, country, link_length, zone = bare
    shop = ShopWords(brand, stop_code, sender, country, link_length, zone=zone)
    words = replace(words_of(orjson.loads(asked)), rich={})
    try:
        bill = bill_of(case_of(words, shop, Samples(), language, words.texts[language]))
    except TemplateError:
        return None
    return Length(bill.median.count.parts, bill.largest.count.parts)
