"""Backups of a hub's rows, sealed with its master key, and the way back from them."""

from hub.local.keeping.backup import back_up
from hub.local.keeping.programs import CannotKeep
from hub.local.keeping.restore import restore
from hub.local.keeping.seal import Header, read_header

__all__ = ["CannotKeep", "Header", "back_up", "read_header", "restore"]
