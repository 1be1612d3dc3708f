"""The pictures and films that RCS phones show, by content type and by the ending of an address."""

from urllib.parse import urlsplit

_TYPES = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "video/mp4": ("mp4", "m4v"),
    "video/mpeg": ("mpeg", "mpg"),
    "video/webm": ("webm",),
    "video/3gpp": ("3gp",),
    "video/h263": ("h263",),
}
TYPES = frozenset(_TYPES)
_BY_ENDING = {ending: kind for kind, endings in _TYPES.items() for ending in endings}
_PLAIN = "image/jpeg"


def type_of(url: str) -> str:
    """The content type that an address's ending tells; a picture where it has no ending, "" where
    the ending is of something else."""
    name = urlsplit(url).path.rpartition("/")[2]
    _, dot, ending = name.rpartition(".")
    return _BY_ENDING.get(ending.lower(), "") if dot else _PLAIN
