"""`hub backup`, `hub restore`, `hub release`: a copy of everything, the way back from it, and what
may go again afterwards."""

from pathlib import Path
from uuid import UUID

import click

from hub import config
from hub.config import Settings
from hub.local.attached import engines_for
from hub.local.engines import EngineError
from hub.store.database import UnsafeDatabase

_KEY = "The master key is not in it: keep {} (or HUB_MASTER_KEY) in another safe place."


def _say(words: str) -> None:
    click.echo(words, err=True)


def _settings() -> Settings:
    try:
        return config.read()
    except config.BadSetting as problem:
        raise click.ClickException(str(problem)) from None


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="Delete all but so many of the newest there.")
def backup(folder: Path, keep: int | None) -> None:
    """Take a backup into FOLDER, while the hub runs or not: one sealed file."""
    from hub.local.keeping import CannotKeep, back_up
    from hub.local.keeping.backup import forget_older

    settings = _settings()
    try:
        with engines_for(settings, _say) as found:
            made = back_up(found, folder)
    except (CannotKeep, EngineError, OSError) as problem:
        raise click.ClickException(f"No backup was made. {problem}") from None
    click.echo(str(made))
    for one in forget_older(folder, keep) if keep else []:
        _say(f"Deleted the older {one.name}.")
    _say(_KEY.format(settings.data_dir / "master.key"))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, yes: bool) -> None:
    """Put the backup FILE in the place of this hub's rows. The hub must be stopped."""
    from hub.local.keeping import CannotKeep
    from hub.local.keeping.damaged import engines_to_fill
    from hub.local.keeping.restore import restore as bring_back

    settings = _settings()
    if not yes:
        click.confirm("This hub's rows are replaced by those of the backup. Go on?", abort=True)
    try:
        with engines_to_fill(settings, _say) as found:
            done = bring_back(found, file, _say)
    except (CannotKeep, EngineError, UnsafeDatabase, OSError) as problem:
        raise click.ClickException(f"Nothing was restored. {problem}") from None
    held = done.held
    click.echo(f"Restored to {done.taken_at}.")
    click.echo(
        f"Held, because they may have gone since: {held.before}. Uncertain: {held.doubtful}."
    )
    if done.before:
        click.echo(f"What was there before is kept as the database {done.before}.")
    click.echo("Start the hub, then run `hub release`: it says what may go, and how.")


@click.command()
@click.argument("messages", type=click.UUID, nargs=-1)
@click.option("--later", is_flag=True, help="Those planned for a time after the restore.")
@click.option("--ask", is_flag=True, help="Ask the carriers; what never went goes.")
@click.option("--all", "everything", is_flag=True, help="All; some may then arrive twice.")
@click.option("--yes", is_flag=True, help="Do not ask before --all.")
def release(
    messages: tuple[UUID, ...], later: bool, ask: bool, everything: bool, yes: bool
) -> None:
    """Let messages go that a restore holds: MESSAGES by their ids, or by what is known of them."""
    from hub import app
    from hub.cli import releasing

    if everything and not yes:
        click.confirm("Some may have arrived already. Send them all the same?", abort=True)
    try:
        with engines_for(_settings(), _say) as settings:
            ground = app.build(settings, pool=2).ground
            if messages:
                releasing.these(ground, messages)
            if later:
                releasing.later(ground)
            if ask:
                releasing.asked(ground)
            if everything:
                releasing.everything(ground)
            releasing.show(ground)
    except (EngineError, UnsafeDatabase) as problem:
        raise click.ClickException(str(problem)) from None
