"""What can be wrong with a template or with the values given to it, in words for a merchant."""


class TemplateError(ValueError):
    """The template cannot be saved. `line` counts from 1; `words` say what and what to do."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(f"Line {line}: {words}")
        self.line = line
        self.words = words


class RenderError(ValueError):
    """No text can be made from these values; nothing half-written is ever returned."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class MissingVariable(RenderError):
    """Variables the text needs that have neither a value nor a default: `names`, in order."""

    def __init__(self, *names: str) -> None:
        listed = ", ".join(f"«{name}»" for name in names)
        super().__init__(f"There is no value for {listed}. Give a default in the template.")
        self.names = names


class UnfitValue(RenderError):
    """A value is not what its variable declares, for instance a list where text belongs."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The value of «{name}» {reason}. Correct it where it comes from.")
        self.name = name


class EmptyText(RenderError):
    """There is nothing to say to this person."""


class TooLong(RenderError):
    """The text is beyond what any carrier takes; it is refused, never cut."""

    def __init__(self, characters: int, most: int) -> None:
        super().__init__(
            f"The text has {characters} characters, more than {most}. Shorten the template."
        )
        self.characters = characters
