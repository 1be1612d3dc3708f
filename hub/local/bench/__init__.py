"""Benches: each module measures the hub against one of its bars, in the same run as a baseline.

A module has `NAME` (the command), `SAYS` (one line) and `run(say) -> bool`: whether the bar holds.
"""
