"""`hub demo`: a whole hub with five pretend systems and pretend phones, to look at or to test."""

import signal
from pathlib import Path

import click
from rich.console import Console


@click.command()
@click.option("--once", is_flag=True, help="Play every story once, judge it, and end.")
@click.option("--kills", type=click.IntRange(1), help="With --once: kill so many parts meanwhile.")
@click.option("--orders", type=click.IntRange(1, 9_000), default=2000, show_default=True,
              help="With --kills: how many orders are placed.")  # fmt: skip
@click.option("--seed", type=int, help="With --kills: the luck, to play it again.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The page's port.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="An empty folder for the town, to be kept."
)
@click.option("--no-browser", is_flag=True, help="Print the page's address, open nothing.")
def demo(
    once: bool,
    kills: int | None,
    orders: int,
    seed: int | None,
    port: int,
    data: Path | None,
    no_browser: bool,
) -> None:
    """See it work: five systems and phones on this machine; nothing reaches a real one."""
    from hub.local.demo import show

    if kills and not once:
        raise click.UsageError("--kills needs --once.")
    # An ordinary kill closes the town as Ctrl-C does.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console()
    try:
        if kills:
            done = show.kills(console, data, kills, orders, seed)
        elif once:
            done = show.once(console, data)
        else:
            done = show.page(console, data, port, opens=not no_browser)
    except show.PROBLEMS as problem:
        raise click.ClickException(str(problem)) from None
    finally:
        signal.signal(signal.SIGTERM, before)
    if not done:
        raise SystemExit(1)
