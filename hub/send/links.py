"""The links of one message: each address in it becomes a short one, this person's own, and tells
when it is opened. The token stands in the text alone; the row keeps its digest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hub.compose.language import RenderError
from hub.store import links
from hub.store.database import Row

SUPPORT = "support"
PAGE = "page"
# Where a page's one button leads: the first of these that the event told.
_LEADS = ("cart_url", "payment_url", "booking_url")


class NotAllowed(RenderError):
    """A link that leads where this workspace does not let links lead."""


@dataclass
class Links:
    """Mints a message's links while its text is written; `rows` are to be kept with it.

    `base` is the address before the token. The same address under the same label is one link.
    """

    message: Row
    template: Row
    shop: Row
    base: str
    now: datetime
    channel: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    _minted: dict[tuple[str, str], str] = field(default_factory=dict)

    def shorten(self, target: str, label: str = "") -> str:
        """The short address for this one; one that is short already stays. Raises NotAllowed."""
        if target in self._minted.values():
            return target
        known = self._minted.get((target, label))
        return known or self._mint(target, label, SUPPORT if label == SUPPORT else "link")

    def page(self) -> str:
        """The short address of the page made of what happened; its button leads on."""
        known = self._minted.get((PAGE, PAGE))
        return known or self._mint(_lead(self.message["variables"]), PAGE, PAGE)

    def without(self, text: str) -> str:
        """The text with each short address replaced by what it stands for: the same words to the
        same person are then the same text."""
        for (target, label), address in self._minted.items():
            text = text.replace(address, f"{target}#{label}")
        return text

    def _mint(self, target: str, label: str, kind: str) -> str:
        if target:
            self._allow(target)
        token = links.new_token()
        self.rows.append(
            {
                "token_hash": links.digest(token).hex(),
                "workspace_id": self.shop["id"],
                "message_id": self.message["id"],
                "label": label,
                "kind": kind,
                "target": target,
                "utm": self._utm(),
                "preview": self._preview(),
                "language": self.message["language"],
                "expires_at": self.now + timedelta(days=self.template["link_days"]),
                "created_at": self.now,
            }
        )
        key = (PAGE, PAGE) if kind == PAGE else (target, label)
        self._minted[key] = f"{self.base}/{token}"
        return self._minted[key]

    def _allow(self, target: str) -> None:
        if not links.may_lead_to(target, self.shop["link_domains"]):
            raise NotAllowed(
                f"A link leads to «{target[:60]}», which is no address on this workspace's "
                "domains. Add the domain in the settings, or correct the link."
            )

    def _utm(self) -> dict[str, str]:
        usual = {"source": self.channel, "medium": "mobile", "campaign": self.template["slug"]}
        return {name: words for name, words in {**usual, **self.template["utm"]}.items() if words}

    def _preview(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self.template["previews"].get(self.message["language"][:2], {})
        return found or {"title": self.shop["brand"]}


def base_of(shop: Row, address: str) -> str:
    """What stands before the token: the workspace's own link address, else the hub's."""
    return str(shop["link_url"]).rstrip("/") or f"{address}/l"


def _lead(variables: Mapping[str, Any]) -> str:
    return next((str(variables[name]) for name in _LEADS if variables.get(name)), "")
