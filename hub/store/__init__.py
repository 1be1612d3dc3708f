"""The rows: one file per noun, its queries and nothing else. The schema is in `migrations/`."""
