"""The gallery of ready-made messages: read from its folders, and held under the linter."""

from hub.compose.gallery.lines import GalleryError
from hub.compose.gallery.reading import load
from hub.compose.gallery.scenario import Kind, Scenario, Text

__all__ = ["GalleryError", "Kind", "Scenario", "Text", "load"]
