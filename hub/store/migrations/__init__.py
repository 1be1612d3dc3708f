"""The schema, step by step. Each step is safe while the hub before it still runs."""
