"""Running a hub: all of it under one supervisor, or each part by itself."""

import gc
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import click

from hub import config
from hub.local import thrift


def _settings() -> config.Settings:
    os.umask(0o077)  # whatever this process and its children write is the owner's alone
    try:
        return config.read()
    except config.BadSetting as problem:
        raise click.ClickException(str(problem)) from None


def say(words: str, *, err: bool = False) -> None:
    """Tell the operator; a full disk or a closed terminal is no reason to stop serving."""
    with suppress(OSError, ValueError):
        click.echo(words, err=err)


@click.command()
def up() -> None:
    """Start the whole hub: engines, web, workers and clock, supervised."""
    from hub.local import supervise
    from hub.local.engines import EngineError, FolderInUse
    from hub.store.database import UnsafeDatabase

    stop = threading.Event()
    stop_on_signal(stop)
    try:
        hub = supervise.start(_settings(), say)
    except (FolderInUse, EngineError, UnsafeDatabase, supervise.CannotStart) as problem:
        raise click.ClickException(str(problem)) from None
    with hub:
        _ask_for_an_owner(hub.settings)
        while not stop.wait(0.2):
            for name in hub.tend():
                say(f"{name} had stopped and was started again.", err=True)
        say("Stopping; what is being sent is finished first.")


def _ask_for_an_owner(settings: config.Settings) -> None:
    """While nobody has an account, where the first is made, and the code that it takes."""
    from hub import app
    from hub.accounts import first

    ground = app.build(settings, pool=1).ground
    if first.is_first_run(ground):
        say(f"Nobody has an account yet. Yours: {first.address_of(ground)}")
    ground.database.engine.dispose()


@click.command()
def web() -> None:
    """Serve HTTP: deliveries, API, pages."""
    settings = _settings()
    if settings.database_url and settings.redis_url:
        _serve(settings)
        return
    from hub.local.attached import engines_for

    with engines_for(settings, say) as settings:
        command = [sys.executable, "-m", "hub.cli", "web"]
        raise SystemExit(subprocess.call(command, env={**os.environ, **settings.environment()}))


def _serve(settings: config.Settings) -> None:
    """gunicorn with gevent workers: slow clients cannot take a worker from the others.

    Nothing may import the database driver before a worker has patched the sockets: the driver
    chooses at import whether it waits cooperatively. So this process imports next to nothing.
    """
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        """The settings, and the application once a worker has started."""

        def load_config(self) -> None:
            for name, value in _server(settings).items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            from hub.app import web as build

            built = build()
            _keep_for_good()
            thrift.keep_giving_back()
            return built

    os.environ.update(settings.environment())
    _raise_open_files()
    Server().run()


def _raise_open_files() -> None:
    """Each slow client holds a file; many systems allow 1,024 unless asked for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _keep_for_good() -> None:
    """What stands now stands for good: looking through it for garbage again costs 0.1 s a time. And
    a batch makes thousands of things that go by themselves, at its end."""
    gc.collect()
    thrift.give_back()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def _server(settings: config.Settings) -> dict[str, Any]:
    return {
        "bind": f"{settings.host}:{settings.port}",
        "worker_class": "hub.web.limits.Worker",
        "worker_connections": 4000,
        "keepalive": settings.read_seconds,
        "workers": settings.web_processes,
        "timeout": 60,
        "graceful_timeout": 8,
        "limit_request_line": 8190,
        "limit_request_fields": 100,
        "limit_request_field_size": 8190,
        # Whom to believe about the client's address and scheme is the application's to say.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "loglevel": "warning",
        "proc_name": "relais-web",
        "control_socket_disable": True,
        # What the master has is in memory once for as long as nobody looks through it for garbage.
        "pre_fork": lambda server, worker: gc.freeze(),
        "when_ready": lambda server: _go_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM)),
    }


def _queues(ctx: click.Context, option: click.Parameter, names: str) -> list[str]:
    from hub.work.nudges import ARROWS

    chosen = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in ARROWS]
    if unknown:
        raise click.BadParameter(f"There is no queue {unknown[0]}; there are: {', '.join(ARROWS)}.")
    return [name for name in ARROWS if name in (chosen or ARROWS)]


def _as_it_is(**_: object) -> None:
    """The log is set up; Celery, which would raise its level, must see that somebody did."""


# Where a worker shares a machine with the web, what waits at the door goes before what is inside.
BEHIND = 10


@click.command()
@click.option("--queues", default="", envvar="HUB_QUEUES", callback=_queues, metavar="NAME,…",
              help="Serve only these arrows; another worker must serve the others.")  # fmt: skip
def worker(queues: list[str]) -> None:
    """Run one worker: it serves every arrow, transactional messages before marketing."""
    from celery import signals
    from celery.platforms import SecurityWarning

    from hub import app
    from hub.local.attached import engines_for
    from hub.send import spool
    from hub.work import hearing

    with engines_for(_settings(), say) as settings:
        config.log_to_stderr(settings.log_level)
        signals.setup_logging.connect(_as_it_is, weak=False)
        # Celery warns root of pickled tasks; ours are JSON without a payload.
        warnings.simplefilter("ignore", SecurityWarning)
        hub = app.build(settings, pool=settings.worker_threads + 1)
        app.take_work(hub)
        hub.proof.prove()
        spool.replay(hub.ground)
        _keep_for_good()
        thrift.keep_giving_back()
        _go_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
        os.nice(BEHIND)
        hearing.watch(hub.celery, settings.redis_url)
        hub.celery.Worker(
            queues=queues,
            pool="threads",
            concurrency=settings.worker_threads,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        ).start()


@click.command()
def clock() -> None:
    """Sweep what is due, for as long as it runs; a second clock stands by."""
    from hub import app
    from hub.local.attached import engines_for
    from hub.work.clock import run

    stop = threading.Event()
    stop_on_signal(stop)
    _go_with_parent(stop.set)
    with engines_for(_settings(), say) as settings:
        config.log_to_stderr(settings.log_level)
        hub = app.build(settings, pool=1)
        run(hub.ground, hub.nudge, stop)


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from hub.local.attached import engines_for
    from hub.store import schema
    from hub.store.database import connect

    with engines_for(_settings(), click.echo) as settings:
        database = connect(settings.database_url, pool=1)
        before, after = schema.migrate(database, partial(config.master_key, settings))
    if before == after:
        click.echo(f"The schema is already the newest (step {after}).")
    else:
        click.echo(f"The schema went from step {before or 'none'} to step {after}.")


def stop_on_signal(stop: threading.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())


def _go_with_parent(go: Callable[[], None]) -> None:
    """When the supervisor is gone, so are we: no part outlives it and holds its port or folder."""
    parent = os.environ.get("HUB_PARENT")
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == int(parent):
            time.sleep(0.5)
        go()

    threading.Thread(target=watch, daemon=True, name="parent").start()
