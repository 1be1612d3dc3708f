"""From a request to events: verified and kept at once, opened later, and polled for what was
never delivered."""
