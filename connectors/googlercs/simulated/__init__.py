"""What the simulator is made of: its memory, its judgement of forms, its HTTP, its events."""
