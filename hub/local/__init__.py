"""What one machine needs to run the hub alone: its own database and queue, and the demo town."""
