"""What the simulator is made of: its templates, its phones' eyes, its callbacks and its HTTP."""
