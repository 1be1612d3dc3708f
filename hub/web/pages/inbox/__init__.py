"""The inbox: what people wrote back, and the team's answers."""
