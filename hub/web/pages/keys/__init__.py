"""Keys of the API: made, shown once, ended."""
