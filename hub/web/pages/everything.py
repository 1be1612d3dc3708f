"""Every page there is: each folder here that has ways."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader

from hub.store.ground import Ground
from hub.web.pages import built, doors, frame
from hub.web.pages.wings import Wing
from hub.work.nudges import Bell

HERE = Path(__file__).resolve().parent


def wings() -> Iterator[Wing]:
    """One for each noun, in the order of their names."""
    for found in sorted(HERE.glob("*/ways.py")):
        yield import_module(f"{__package__}.{found.parent.name}.ways").wing


def open_pages(app: Flask, ground: Ground, bell: Bell) -> None:
    """Put all pages on the application, with what they are drawn with."""
    app.jinja_loader = FileSystemLoader([HERE / "html", HERE])
    frame.put_on(app)
    app.register_blueprint(built.door())
    doors.open_all(app, ground, bell, tuple(wings()))
