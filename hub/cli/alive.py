"""`hub alive web|worker|clock`: whether that part runs on this machine, for a container's health
check: ends with 0 or 1 and says why."""

import urllib.error
import urllib.request

import click
import psycopg

from hub import config
from hub.local.engines import attach
from hub.work.line import name_of

_ASKED = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"


@click.command()
@click.argument("part", type=click.Choice(["web", "worker", "clock"]))
def alive(part: str) -> None:
    """Say whether PART runs on this machine: by its answer, or by its session in PostgreSQL."""
    try:
        settings = config.read()
        well = _answers(settings) if part == "web" else _stands(settings, part)
    except (config.BadSetting, urllib.error.URLError, OSError, psycopg.Error) as problem:
        raise click.ClickException(
            f"The {part} cannot be asked: {type(problem).__name__}."
        ) from None
    if not well:
        raise click.ClickException(f"No {part} runs on this machine. Its log says why.")
    click.echo(f"The {part} runs.")


def _answers(settings: config.Settings) -> bool:
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0", "::") else settings.host  # noqa: S104
    url = f"http://{host}:{settings.port}/healthz"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return bool(answer.status == 200)


def _stands(settings: config.Settings, part: str) -> bool:
    url = settings.database_url
    if not url:
        running = attach(settings.data_dir)
        url = running.database_url if running else ""
    if not url:
        return False
    with psycopg.connect(url, connect_timeout=5) as db:
        found = db.execute(_ASKED, (name_of(part),)).fetchone()
    return bool(found and found[0])
