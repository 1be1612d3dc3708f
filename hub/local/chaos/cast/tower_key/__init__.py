"""A carrier that knows a reference again: given twice, it stays one message."""

from datetime import timedelta

from hub.local.chaos.tower.shape import tower

connector = tower("Tower with a key", replay_within=timedelta(hours=1))
