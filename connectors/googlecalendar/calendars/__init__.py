"""The simulated vendor's rooms: what it remembers, how it answers, how it rings."""
