"""A carrier that can be asked whether it has a message, by the hub's own reference."""

from hub.local.chaos.tower.calls import find
from hub.local.chaos.tower.shape import tower

connector = tower("Tower with a look-up", find=find)
