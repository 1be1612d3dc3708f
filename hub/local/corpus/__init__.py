"""The corpus of bad input: tests/corpus/*.jsonl as cases, and requests written byte by byte."""
