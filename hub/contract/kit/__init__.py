"""The kit that certifies a connector: a simulator on a real socket, and a battery of checks."""
