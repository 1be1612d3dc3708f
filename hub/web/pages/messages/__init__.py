"""Messages: the log, one message, and what can safely be done with it."""
