"""How a mutant puts its own in the place of the hub's."""

from typing import Any


def put(where: object, **new: Any) -> None:
    """Replace these names of a module or a class. Raises AttributeError where one is not there: a
    mutant of something that was renamed would prove nothing."""
    for name, value in new.items():
        getattr(where, name)
        setattr(where, name, value)
