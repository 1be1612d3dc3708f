"""`hub replay`: open again what arrived, once what stood in its way is repaired."""

from uuid import UUID

import click

from hub.cli.opened import opened
from hub.cli.traced import trace
from hub.contract import utc_now
from hub.store import intakes
from hub.work.nudges import Nudges, celery_app

_ARROWS = {"events": "open", "carrier": "settle"}


@click.command()
@click.argument("intake", type=click.UUID)
def replay(intake: UUID) -> None:
    """Open an intake again. Messages that already went stay as they are."""
    with opened() as (database, settings):
        with database.begin() as db:
            found = intakes.replay(db, intake, utc_now())
            if found is not None:
                trace(db, "replay", str(intake))
        if found is None:
            words = f"There is no intake {intake}. `hub explain <id>` names a message's intake."
            raise click.ClickException(words)
        Nudges(celery_app(settings.redis_url))(_ARROWS[found["road"]])
    click.echo(
        "It is opened again in a moment. Events it gave before are not taken twice, "
        "and messages that already went stay as they are."
    )
