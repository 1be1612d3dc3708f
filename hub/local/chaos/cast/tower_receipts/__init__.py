"""A carrier that can be asked nothing; only its receipts tell what it took."""

from hub.local.chaos.tower.shape import tower

connector = tower("Tower with receipts")
