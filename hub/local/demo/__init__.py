"""The demo town: a whole hub, a shop, a carrier and the people who live there, all on loopback."""
