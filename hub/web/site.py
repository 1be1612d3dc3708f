"""The site: which doors there are."""

from flask import Flask

from hub.intake.accept import LARGEST_BODY
from hub.store.ground import Ground
from hub.web import api, connect, health, hooks, links, public
from hub.work.nudges import Bell, Nudges


def build(ground: Ground, nudge: Nudges) -> Flask:
    """The WSGI application."""
    app = Flask("hub.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_PARTS"] = 100
    bell = Bell(nudge)
    app.register_blueprint(public.door())
    app.register_blueprint(connect.door(ground, bell))
    app.register_blueprint(hooks.door(ground, bell))
    app.register_blueprint(api.door(ground, bell.ring))
    app.register_blueprint(health.door(ground))
    app.register_blueprint(links.door(ground, bell))
    return app
