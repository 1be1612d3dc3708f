"""The street's other systems, one module each: who uses it, what can be done, what came back."""
