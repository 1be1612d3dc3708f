"""Every page there is."""

from flask import Flask

from hub.store.ground import Ground
from hub.web.pages import built, doors, entrance, frame, home

WINGS = (entrance.wing, home.wing)


def open_pages(app: Flask, ground: Ground) -> None:
    """Put all pages on the application, with what they are drawn with."""
    frame.put_on(app)
    app.register_blueprint(built.door())
    doors.open_all(app, ground, WINGS)
