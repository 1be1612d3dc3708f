"""Installing connectors and keeping them well: checked, subscribed, repaired, removed."""
