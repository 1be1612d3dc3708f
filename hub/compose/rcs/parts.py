"""An RCS document that has been read: its strings are checked templates, its limits are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.compose.faults import TemplateError
from hub.compose.language import Template
from hub.contract.rich import Height


class CardErrors(TemplateError):
    """A document that cannot be saved. `problems` are (path, words): ("cards[1].title", "…")."""

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(1, " ".join(f"{path}: {words}" for path, words in problems))
        self.problems = problems


@dataclass(frozen=True)
class SuggestionTemplate:
    """A button. `kind` is answer, open, dial, place or calendar; `words` are templates by name,
    `means` an answer's word, `leads` what its link is for ("support"), `at` a place, `times` the
    variables of an appointment."""

    kind: str
    words: Mapping[str, Template]
    means: str = ""
    leads: str = ""
    at: tuple[float, float] = (0.0, 0.0)
    times: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class MediaTemplate:
    """A picture or film; without a type the address's ending tells it."""

    url: Template
    type: str = ""
    height: Height = "medium"
    thumbnail: Template | None = None


@dataclass(frozen=True)
class CardTemplate:
    """A card."""

    title: Template | None = None
    text: Template | None = None
    media: MediaTemplate | None = None
    suggestions: tuple[SuggestionTemplate, ...] = ()


@dataclass(frozen=True)
class RichTemplate:
    """A text, or cards, or one card for `each` item of a list; `names` are the variables used."""

    names: frozenset[str]
    text: Template | None = None
    cards: tuple[CardTemplate, ...] = ()
    each: str = ""
    suggestions: tuple[SuggestionTemplate, ...] = field(default=())
