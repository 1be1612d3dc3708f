"""Figures: what the messages did, and how sure one can be of it."""
