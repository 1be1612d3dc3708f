"""A carrier that never tells anything after its answer: what was lost on the way stays unknown."""

from hub.local.chaos.tower.shape import tower

connector = tower("Silent tower", echoes=False)
