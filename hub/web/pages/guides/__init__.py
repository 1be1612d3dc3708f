"""Help: short guides in the reader's language, what each connector says of itself, the API."""
