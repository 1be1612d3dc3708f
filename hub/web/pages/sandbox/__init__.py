"""The sandbox: pretend systems and phones, a clock that can be moved, things that go wrong."""
