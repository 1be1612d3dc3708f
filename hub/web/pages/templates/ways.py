"""Templates: the ways in, each kind in a file of its own."""

from hub.web.pages.templates import (  # noqa: F401 - each declares its ways when it is read
    clashes,
    editing,
    listing,
    publishing,
    trying,
)
from hub.web.pages.templates.entry import wing

__all__ = ["wing"]
