"""Doors for HTTP: vendors' deliveries, the API, the pages. No decision is made here."""
