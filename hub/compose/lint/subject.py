"""Findings about the first words, which are all that a locked phone shows."""

import re
from collections.abc import Iterable

from hub.compose.lint.case import Case, Check
from hub.compose.preview import lock_screen

# Words that open a message and tell nothing.
_EMPTY = frozenset({
    "hello", "dear", "good", "morning", "evening", "afternoon", "your",
    "bonjour", "bonsoir", "salut", "coucou", "cher", "chère", "chers", "votre",
    "hola", "estimado", "estimada", "buenos", "buenas", "dias", "tardes",
    "ciao", "salve", "buongiorno", "buonasera", "gentile", "cara", "caro",
    "hallo", "liebe", "lieber", "guten", "moin", "servus", "morgen", "abend", "euch",
})  # fmt: skip


def subject(case: Case) -> Check:
    """One finding where a branch's first words tell neither who writes nor what about."""
    values = case.declared()
    for world in case.worlds:
        excerpt = lock_screen(case.speak(world, values))
        if excerpt and not _tells(excerpt, values):
            yield case.finding(
                "warning",
                "no_subject",
                f"A locked phone shows «{excerpt}», which does not say what it is about. Put the "
                "brand or the subject first.",
                names={"excerpt": excerpt},
            )
            return


def named(brand: str, text: str) -> bool:
    """Whether the brand stands in it, whatever the capitals and spaces."""
    plain = "".join(brand.lower().split())
    return bool(plain) and plain in "".join(text.lower().split())


def _tells(excerpt: str, values: dict[str, object]) -> bool:
    if named(str(values.get("brand", "")), excerpt):
        return True
    person = f"{values.get('first_name', '')} {values.get('last_name', '')}"
    empty = _EMPTY | set(_letters(person))
    return sum(len(w) > 3 and w not in empty for w in _letters(excerpt)) >= 2


def _letters(text: str) -> Iterable[str]:
    without_links = re.sub(r"https?://\S*", " ", text.lower())
    return re.findall(r"[^\W\d_]+", without_links)
