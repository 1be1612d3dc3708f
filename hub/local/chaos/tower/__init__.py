"""The carrier of chaos as the hub sees it: one set of calls, of which each class of carrier offers
some."""
