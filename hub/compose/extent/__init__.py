"""How far a template can go: its tree, its branches, the widest that it can become."""
