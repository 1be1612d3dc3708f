"""One's own account, the team, and which workspace is looked at."""
