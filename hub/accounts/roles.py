"""Roles, and what each may do in its workspace."""

from collections.abc import Mapping
from typing import Literal

Role = Literal["owner", "admin", "editor", "viewer"]
May = Literal["see", "numbers", "answer", "write", "send", "connect", "manage", "own"]

# In the order in which a list offers them, the strongest first.
ROLES: tuple[Role, ...] = ("owner", "admin", "editor", "viewer")

# see: every page, numbers masked. numbers: whole numbers. answer: the inbox. write: templates and
# automations. send: what costs money. connect: connections and their secrets. manage: settings,
# the team, keys. own: owners themselves.
_VIEWER: frozenset[May] = frozenset({"see"})
_EDITOR: frozenset[May] = _VIEWER | {"numbers", "answer", "write", "send"}
_ADMIN: frozenset[May] = _EDITOR | {"connect", "manage"}
MAY: Mapping[str, frozenset[May]] = {
    "viewer": _VIEWER,
    "editor": _EDITOR,
    "admin": _ADMIN,
    "owner": _ADMIN | {"own"},
}


def may(role: str | None, what: May) -> bool:
    """Whether a role allows it; nobody's role allows nothing."""
    return what in MAY.get(role or "", frozenset())


def may_give(giver: str, role: str) -> bool:
    """Whether somebody of one role may give, change or take another: owners any, admins those
    below their own."""
    if may(giver, "own"):
        return role in ROLES
    return may(giver, "manage") and role in ("editor", "viewer")
