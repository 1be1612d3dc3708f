"""The linter: what is wrong with a template, what it costs, how to mend it. Its front door."""

from hub.compose.lint.checking import lint
from hub.compose.lint.findings import (
    Bill,
    Figure,
    Finding,
    Report,
    Samples,
    ShopWords,
    TemplateWords,
)

__all__ = ["Bill", "Figure", "Finding", "Report", "Samples", "ShopWords", "TemplateWords", "lint"]
