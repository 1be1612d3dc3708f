"""Connections: those there are, how they are, and installing another, step by step."""
