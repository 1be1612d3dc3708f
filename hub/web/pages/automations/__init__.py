"""Automations: each a sentence whose words can be changed, tried on last week, then published."""
