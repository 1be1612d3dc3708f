"""The search box that every page opens: people, messages, pages, guides, whatever has a name."""
