"""Telling: outcomes home to the CRM, and the whole road of one message to whoever asks."""
