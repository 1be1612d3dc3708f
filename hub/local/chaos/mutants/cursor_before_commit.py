"""A poll moves its cursor on before what it read is kept."""

from datetime import timedelta
from functools import partial

from hub import crash
from hub.contract import Connector
from hub.intake import pull
from hub.local.chaos.mutants.replacing import put
from hub.store import connections
from hub.store.database import Row
from hub.store.ground import Ground


def patch() -> None:
    """The cursor first, the page after it."""

    def pages(ground: Ground, connector: Connector, connection: Row, rest: timedelta) -> int:
        page = ground.call(connection, partial(pull._page, connector, connection["cursor"]))
        with ground.database.begin() as db:
            due = ground.clock() + rest
            connections.keep_cursor(db, connection["id"], page.cursor, due)
        if page.requests:
            crash.at("C29")
        return pull._keep(ground, connector, connection, page)

    put(pull, _pages=pages)
