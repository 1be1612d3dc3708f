"""`hub sandbox`: the process that plays vendors and phones for every workspace's sandbox."""

import threading
from pathlib import Path

import click

from hub import config
from hub.cli.serve import _go_with_parent, _settings, say, stop_on_signal


@click.command()
def sandbox() -> None:
    """Play vendors and phones for the sandboxes; `hub up` does this by itself at need."""
    from hub import app, registry
    from hub.local.attached import engines_for
    from hub.local.sandbox.process import serve

    stop = threading.Event()
    stop_on_signal(stop)
    _go_with_parent(stop.set)
    with engines_for(_settings(), say) as settings:
        config.log_to_stderr(settings.log_level)
        hub = app.build(settings, pool=2)
        serve(hub.ground, registry.load(Path(settings.connectors)), hub.proof, stop)
