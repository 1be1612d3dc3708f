"""The vendors and phones of sandboxes: one process of the hub plays them for every workspace."""
