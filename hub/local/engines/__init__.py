"""The hub's own PostgreSQL and Valkey, run from Python wheels inside one data folder."""

from hub.local.engines.damage import Damaged
from hub.local.engines.folder import Addresses, EngineError, FolderInUse
from hub.local.engines.ownership import Engines, attach, own

__all__ = ["Addresses", "Damaged", "EngineError", "Engines", "FolderInUse", "attach", "own"]
