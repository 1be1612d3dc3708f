"""Pages of people: who they are, whether they may be written to, and how they come in."""
