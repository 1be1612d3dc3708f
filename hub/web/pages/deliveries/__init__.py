"""What an endpoint was told, and what it answered."""
