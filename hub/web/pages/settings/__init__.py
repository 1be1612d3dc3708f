"""The settings: the merchant, to whom, when, how often and from whom it sends, what is kept."""
