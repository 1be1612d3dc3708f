"""Benches: each module measures the hub against one of its bars, in the same run as a baseline.

A module has `NAME` (the command), `SAYS` (one line) and `run(say, **options)`, which answers a
`Measured`, or only whether its bar holds. `OPTIONS`, where it has them, are its command's options.
"""
