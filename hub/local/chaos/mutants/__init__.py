"""Mutants: each takes one safety property away from the process that it is put into. `patch()` is
called once, when everything is imported; nothing in the hub itself knows of them."""
