"""Foreseeing: what a changed automation or template would have done with last week's events."""
