"""The site: which doors there are."""

from flask import Flask

from hub.intake.accept import LARGEST_BODY
from hub.store.ground import Ground
from hub.web import api, connect, gate, health, hooks, links, public
from hub.web.landing.hosts import Hosts
from hub.web.pages.everything import open_pages
from hub.work.nudges import Bell, Nudges


def build(ground: Ground, nudge: Nudges) -> Flask:
    """The WSGI application."""
    app = Flask("hub.web", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_PARTS"] = 100
    app.url_map.merge_slashes = False  # a vendor that is sent elsewhere does not deliver
    bell, hosts = Bell(nudge), Hosts(ground)
    gate.guard(app, ground.settings, hosts)
    app.register_blueprint(public.door())
    app.register_blueprint(connect.door(ground, bell))
    app.register_blueprint(hooks.door(ground, bell))
    app.register_blueprint(api.door(ground, bell.ring))
    app.register_blueprint(health.door(ground))
    app.register_blueprint(links.door(ground, bell, hosts))
    open_pages(app, ground, bell)
    return app
