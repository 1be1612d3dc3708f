"""The line to the operator: one session, what was sent on it, what came back, who is told."""
