"""Relais: events come in, messages go out, results go home."""

__version__ = "0.1.0"
