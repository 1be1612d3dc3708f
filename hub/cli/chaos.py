"""`hub chaos`: the proof that nothing is lost and nothing sent twice while parts of the hub die."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import click
from rich.console import Console

_COUNT = click.IntRange(min=0)


@click.command()
@click.option("--events", type=click.IntRange(1), default=20_000, show_default=True,
              help="How many orders are placed.")  # fmt: skip
@click.option("--kills", type=_COUNT, default=0, help="kill -9, of any part at random.")
@click.option("--seed", type=int, default=7, show_default=True, help="The luck, to play it again.")
@click.option("--pauses", type=_COUNT, default=0, help="Stop a worker for longer than its lease.")
@click.option("--pg-stops", type=_COUNT, default=0, help="Stop PostgreSQL at once, no goodbye.")
@click.option("--redis-kills", type=_COUNT, default=0, help="Kill Valkey or empty it, by turns.")
@click.option(
    "--clock-jumps",
    type=_COUNT,
    default=0,
    help="Put a part's clock wrong by more than its lease, and right again.",
)
@click.option("--slow-disks", type=_COUNT, default=0, help="Commits wait for the disk a while.")
@click.option(
    "--disk-fulls",
    type=_COUNT,
    default=0,
    help="No room on the disk for a while; needs root on Linux.",
)
@click.option("--rate", type=click.FloatRange(0), help="Orders a second; 0: as fast as it goes.")
@click.option("--carrier-class", default="lookup", show_default=True,
              type=click.Choice(["lookup", "key", "receipts", "silent"]),
              help="What the carriers can prove: see hub/RELIABILITY.md.")  # fmt: skip
@click.option("--mishaps", type=click.FloatRange(0, 0.5), default=0.05, show_default=True,
              help="The share of the vendors' calls that go wrong.")  # fmt: skip
@click.option(
    "--rcs", is_flag=True, help="RCS messages; an SMS for the three of ten phones that take none."
)
@click.option("--each-point", is_flag=True, help="Die at every named crash point, at least once.")
@click.option("--mutant", metavar="NAME", help="Take one safety away: exit 1 when it is caught.")
@click.option("--mutants", is_flag=True, help="All mutants in small: exit 0 if all are caught.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document at the end.")
@click.option("--data", type=click.Path(path_type=Path), help="A folder to keep what was logged.")
def chaos(
    mutant: str | None, mutants: bool, as_json: bool, data: Path | None, **asked: Any
) -> None:
    """Orders flow through a whole hub of its own while its parts are killed; then all is counted.

    Needs no settings and touches no other hub: engines, vendors and rows are its own, and go.
    """
    from hub.local.chaos import menagerie
    from hub.local.chaos.asking import trial_of
    from hub.local.chaos.disk import NoDisk
    from hub.local.supervise import CannotStart

    # An ordinary kill ends the hub's processes as Ctrl-C does.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if mutants:
            _end(menagerie.run_all(Console(stderr=as_json), say_json(as_json)))
        trial = menagerie.trial_of(mutant) if mutant else trial_of(**asked)
        _end(_play(trial, as_json, data))
    except (CannotStart, NoDisk, menagerie.NoSuchMutant) as problem:
        raise click.ClickException(str(problem)) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def say_json(wanted: bool) -> Any:
    """Prints a document where it is wanted."""
    return (
        (lambda document: click.echo(json.dumps(document))) if wanted else (lambda document: None)
    )


def _play(trial: Any, as_json: bool, data: Path | None) -> bool:
    from hub.local.chaos import run, screen

    # A door of its own to the screen: what the hub's processes say there goes into a file.
    console = Console(file=os.fdopen(os.dup(2), "w")) if as_json else Console()
    with screen.living(console, trial.mutant or "chaos") as show:
        report = run.run(trial, show, lambda words: None, data)
    if as_json:
        click.echo(json.dumps(report.as_json(), default=str))
    else:
        console.print(screen.table(report))
        screen.last_words(console, report)
    # A mutant that is caught ends with 1, as any hub that is not safe does.
    return not report.caught if trial.mutant else report.is_right


def _end(right: bool) -> None:
    raise SystemExit(0 if right else 1)
