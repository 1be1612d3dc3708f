"""Reading a gallery file: "key: value" lines, a rule, what stands below it; errors by line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class GalleryError(ValueError):
    """A file of the gallery is wrong: which one, on which line (from 1), and why."""

    def __init__(self, file: Path, line: int, words: str) -> None:
        super().__init__(f"{file.parent.name}/{file.name}, line {line}: {words}")
        self.file = file
        self.line = line
        self.words = words


@dataclass(frozen=True)
class Lines:
    """The "key: value" lines of a file, with the line each stands on."""

    file: Path
    values: Mapping[str, tuple[int, str]]

    def need(self, key: str) -> str:
        """The value of a key that must be there."""
        if key not in self.values:
            raise GalleryError(self.file, 1, f"«{key}:» is missing. Add the line.")
        return self.values[key][1]

    def get(self, key: str) -> str:
        """The value of a key, "" where it is not there."""
        return self.values.get(key, (0, ""))[1]

    def line(self, key: str) -> int:
        """Where the key stands, for an error about its value."""
        return self.values[key][0]

    def refuse(self, key: str, words: str) -> GalleryError:
        """The error about a key's value."""
        return GalleryError(self.file, self.line(key), words)

    def listed(self, key: str) -> tuple[str, ...]:
        """What stands between commas."""
        return tuple(piece.strip() for piece in self.get(key).split(",") if piece.strip())


def read_text(file: Path) -> str:
    """A file's words. Raises GalleryError where it is not UTF-8."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise GalleryError(file, line, "This is not UTF-8 text. Save the file as UTF-8.") from None


def parted(file: Path, lines: list[str]) -> tuple[list[str], int, str]:
    """The header, the line of the rule below it, the text."""
    if "---" not in lines:
        raise GalleryError(file, 1, "A line «---» must stand between the header and the text.")
    rule = lines.index("---")
    return lines[:rule], rule + 1, "\n".join(lines[rule + 1 :]).strip()


def keys_of(
    file: Path, lines: list[str], known: tuple[str, ...], prefixes: tuple[str, ...] = ()
) -> Lines:
    """The lines by key. Raises GalleryError for a line that is none, or a key that is not known."""
    values: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = (piece.strip() for piece in line.partition(":"))
        if not colon or not value:
            raise GalleryError(file, number, "A header line is «key: value».")
        if key not in known and not key.startswith(prefixes):
            raise GalleryError(file, number, f"«{key}» is not known. The keys: {', '.join(known)}.")
        if key in values:
            raise GalleryError(file, number, f"«{key}» is here twice. Keep one.")
        values[key] = (number, value)
    return Lines(file, values)


_PARTS = re.compile(r"(?P<parts>[1-9]) because (?P<why>\S.*)")


def parts_of(lines: Lines) -> tuple[int, str]:
    """ "parts: 2 because …": how many are meant, and why. One where nothing is said."""
    if "parts" not in lines.values:
        return 1, ""
    found = _PARTS.fullmatch(lines.get("parts"))
    if found is None:
        raise lines.refuse("parts", "Write how many and why: «parts: 2 because …».")
    return int(found["parts"]), found["why"]
