"""A glance at one text of a template while it is written: the phone, the price, what is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.compose.lint import Bill, Finding, Report, ShopWords, lint
from hub.contract import Rich
from hub.contract.rich import rich_of
from hub.send.previewing import preview
from hub.send.publish import samples_for, shop_words, words_of
from hub.store.ground import Ground

_ENOUGH = 100  # real events to measure a text with while somebody types


@dataclass(frozen=True)
class Glance:
    """`made` is as `preview` answers; `report` is of this one text and its RCS alone."""

    made: Mapping[str, Any]
    report: Report
    shop: ShopWords

    @property
    def rich(self) -> Rich | None:
        """The RCS, where there is one and it can be made."""
        found = self.made["rcs"]
        return rich_of(found["content"]) if found and found["content"] else None

    @property
    def bill(self) -> Bill | None:
        """What the SMS costs; None where the text cannot be read."""
        return next((one for one in self.report.bills if one.channel == "sms"), None)

    @property
    def mendable(self) -> tuple[Finding, ...]:
        """What can be repaired in the text at once, in the order in which it stands there."""
        found = [f for f in self.report.findings if f.where.startswith("texts.") and f.repair]
        return tuple(sorted(found, key=lambda one: one.span or (0, 0)))


def glance(
    ground: Ground,
    db: Connection,
    workspace_id: UUID,
    document: Mapping[str, Any],
    *,
    language: str,
    variant: str = "",
    sample: str = "declared",
) -> Glance:
    """Look at the text of one language, of one wording."""
    alone = narrowed(document, language, variant)
    shop = shop_words(ground, db, workspace_id)
    tried = samples_for(db, workspace_id, document.get("event", ""), _ENOUGH)
    made = preview(ground, db, workspace_id, alone, language=language, sample=sample)
    return Glance(made, lint(words_of(alone), shop, tried), shop)


def narrowed(document: Mapping[str, Any], language: str, variant: str = "") -> dict[str, Any]:
    """The same template with this one text and its RCS, as if there were no other."""
    own = document["variants"].get(variant, {})
    texts, rich = own.get("texts") or document["texts"], own.get("rich") or document["rich"]
    kept = {language: rich[language]} if language in rich else {}
    return {
        **document,
        "texts": {language: texts.get(language, "")},
        "rich": kept,
        "variants": {},
        "previews": {k: v for k, v in document["previews"].items() if k == language},
    }
