"""Automations: from one event to one decision, as pure functions over plain values."""
