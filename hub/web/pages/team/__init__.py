"""The team of a workspace: who may do what, and who is invited."""
