"""Figures: what the messages did, how sure that is, and what they brought."""
