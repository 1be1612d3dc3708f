"""Finding the engines of a command: the operator's own, the running hub's, or ours for a while."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from hub.config import Settings
from hub.local.engines import attach, own


@contextmanager
def engines_for(settings: Settings, say: Callable[[str], None]) -> Iterator[Settings]:
    """The settings with both addresses filled in, for the length of a command.

    With HUB_DATABASE_URL and HUB_REDIS_URL they are the operator's. Else, if a hub runs on this
    data folder, they are its; else the engines are started here and stopped at the end.
    """
    if settings.database_url and settings.redis_url:
        yield settings
        return
    running = attach(settings.data_dir)
    if running is not None:
        yield _filled(settings, running.database_url, running.redis_url)
        return
    with own(settings.data_dir, say) as engines:
        found = engines.addresses
        yield _filled(settings, found.database_url, found.redis_url)


def _filled(settings: Settings, database_url: str, redis_url: str) -> Settings:
    return replace(
        settings,
        database_url=settings.database_url or database_url,
        redis_url=settings.redis_url or redis_url,
    )
