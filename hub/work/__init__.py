"""The workers: one task per arrow of the road, and the clock that sweeps what stands still."""
