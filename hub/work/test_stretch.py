"""The first stretch is one worker's at a time, and nothing ever waits for it in vain."""

from collections.abc import Iterator

import pytest

from hub.config import Settings
from hub.work.nudges import Nudges, celery_app
from hub.work.stretch import Stretch

AWAY = "redis://127.0.0.1:9/0"


@pytest.fixture
def broker(settings: Settings) -> Iterator[str]:
    """A database of the broker where no other test leaves anything."""
    url = settings.redis_url.rpartition("/")[0] + "/7"
    _empty(url)
    yield url
    _empty(url)


def _empty(url: str) -> None:
    with celery_app(url).connection_for_write() as connection:
        connection.default_channel.client.flushdb()


def test_a_second_worker_does_not_enter_until_the_first_has_left(broker: str) -> None:
    first, second = Stretch(celery_app(broker)), Stretch(celery_app(broker))
    assert first.enter()
    assert not second.enter()
    first.leave()
    assert second.enter()


def test_while_somebody_walks_it_nobody_is_woken_for_it_and_others_are(broker: str) -> None:
    celery = celery_app(broker)
    stretch, nudge = Stretch(celery), Nudges(celery)
    assert stretch.enter()
    nudge("open", "settle")
    assert _waiting(broker) == {"open": 0, "settle": 1}
    stretch.leave()
    nudge("open", "settle")
    assert _waiting(broker) == {"open": 1, "settle": 1}


def test_a_worker_that_died_on_it_is_not_waited_for(broker: str) -> None:
    assert Stretch(celery_app(broker)).enter()
    with celery_app(broker).connection_for_write() as connection:
        assert 0 < connection.default_channel.client.pttl("relais.at.open") <= 1000


def test_without_a_broker_everybody_may() -> None:
    assert Stretch().enter()
    away = Stretch(celery_app(AWAY))
    assert away.enter()
    away.leave()


def _waiting(url: str) -> dict[str, int]:
    with celery_app(url).connection_for_write() as connection:
        client = connection.default_channel.client
        return {queue: client.llen(queue) for queue in ("open", "settle")}
