"""The parts of the simulated org."""
