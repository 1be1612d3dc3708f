"""What the pages of connections say: states, what is read and written, the steps of installing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from hub.connections import brochure
from hub.contract import VOCABULARY, Connector
from hub.store.database import Row
from hub.web.pages.states import State
from hub.web.pages.wings import Missing

HEALTHS: Mapping[str, State] = {
    "healthy": State(lazy_gettext("Healthy"), "circle-check", "good"),
    "degraded": State(lazy_gettext("Needs a look"), "alert-triangle", "waits"),
    "sign_in": State(lazy_gettext("Needs you"), "alert-triangle", "bad"),
    "installing": State(lazy_gettext("Being installed"), "circle-dashed", "waits"),
}
_RECORDS: Mapping[str, Any] = {
    "order": lazy_gettext("orders"),
    "contact": lazy_gettext("contacts"),
    "lead": lazy_gettext("leads"),
    "deal": lazy_gettext("deals"),
    "cart": lazy_gettext("carts"),
    "booking": lazy_gettext("bookings"),
    "record": lazy_gettext("your own records"),
    "row": lazy_gettext("rows"),
    "workflow": lazy_gettext("the workflow that asked"),
}
_STEPS: Mapping[str, Any] = {
    "does": lazy_gettext("What it does"),
    "connect": lazy_gettext("Connect"),
    "found": lazy_gettext("See what is found"),
    "starter": lazy_gettext("Choose a message"),
    "try": lazy_gettext("Try it"),
    "sender": lazy_gettext("Name the sender"),
    "ring": lazy_gettext("Test on your phone"),
    "on": lazy_gettext("Switch it on"),
}
_BEFORE = ("does", "connect")


@dataclass(frozen=True)
class Step:
    """One step: done (with a way back), here, or ahead."""

    words: Any
    state: str
    url: str = ""


@dataclass(frozen=True)
class About:
    """A connector for eyes: what it reads and writes, in words."""

    slug: str
    title: str
    picture: str
    lead: str
    reads: tuple[str, ...]
    writes: tuple[Any, ...]
    carries: tuple[str, ...]
    leaves: str
    guide: str


def about(slug: str, connector: Connector) -> About:
    """All that is told before it is installed."""
    return About(
        slug=slug,
        title=connector.title,
        picture=brochure.picture(slug),
        lead=brochure.lead(slug),
        reads=tuple(VOCABULARY[name].says for name in connector.emits if name in VOCABULARY),
        writes=tuple(_RECORDS.get(s, s) for s in connector.target.subjects)
        if connector.target
        else (),
        carries=tuple(c.upper() for c in connector.carrier.channels) if connector.carrier else (),
        leaves=connector.leaves,
        guide=brochure.page(slug, "Connect"),
    )


def names_of(connector: Connector) -> tuple[str, ...]:
    """The steps of installing it, in their order."""
    if connector.carrier is not None:
        return (*_BEFORE, "sender", "ring")
    if connector.emits:
        return (*_BEFORE, "found", "starter", "try", "on")
    return (*_BEFORE, "found")


def steps(slug: str, connector: Connector, here: str, row: Row | None = None) -> list[Step]:
    """The steps with where somebody stands. Raises Missing for a step of other connectors."""
    names = names_of(connector)
    if here not in names:
        raise Missing
    at = names.index(here)
    return [
        Step(_STEPS[name], "here" if n == at else "done" if n < at else "ahead",
             _address(slug, name, row) if n < at else "")
        for n, name in enumerate(names)
    ]  # fmt: skip


def _address(slug: str, name: str, row: Row | None) -> str:
    if name in _BEFORE or row is None:
        if row is not None and name == "connect":
            return f"/connections/{row['id']}/settings"
        return f"/connections/new/{slug}" + ("/connect" if name == "connect" else "")
    return f"/connections/{row['id']}/{name}"
