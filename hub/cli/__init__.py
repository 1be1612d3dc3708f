"""The `hub` command: each subcommand is imported only when it is used."""

import importlib

import click

from hub import __version__

# name: (module:attribute, what it does). A command's module is not touched for another's sake:
# `hub web` must import no database driver before gevent has patched the sockets.
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("hub.cli.serve:up", "Start the whole hub, supervised."),
    "web": ("hub.cli.serve:web", "Serve HTTP only."),
    "worker": ("hub.cli.serve:worker", "Run one worker only."),
    "clock": ("hub.cli.serve:clock", "Run the clock only."),
    "sandbox": ("hub.cli.sandbox:sandbox", "Play vendors and phones for sandboxes only."),
    "bind": ("hub.cli.bind:bind", "Keep a carrier's line open, where it wants one."),
    "migrate": ("hub.cli.serve:migrate", "Bring the database to the newest schema."),
    "alive": ("hub.cli.alive:alive", "Say whether a part runs on this machine."),
    "backup": ("hub.cli.backup:backup", "Take a backup into a folder, sealed."),
    "restore": ("hub.cli.backup:restore", "Put a backup in the place of this hub's rows."),
    "release": ("hub.cli.backup:release", "Let messages go that a restore holds."),
    "demo": ("hub.cli.demo:demo", "See it work with a pretend shop and pretend phones."),
    "workspace": ("hub.cli.workspace:workspace", "Make and list workspaces, make API keys."),
    "account": ("hub.cli.account:account", "Say who signs in; help who cannot."),
    "pause": ("hub.cli.pause:pause", "Keep every message here until it is resumed."),
    "resume": ("hub.cli.pause:resume", "Let the messages go that were paused."),
    "keys": ("hub.cli.keys:keys", "List and turn the keys that rows are sealed with."),
    "erase": ("hub.cli.person:erase", "Forget one person, everywhere."),
    "export": ("hub.cli.person:export", "Tell everything the hub keeps of one person."),
    "app": ("hub.cli.app:app", "Keep the operator's own apps at vendors."),
    "explain": ("hub.cli.explain:explain", "Tell the whole road of one message."),
    "uncertain": ("hub.cli.uncertain:uncertain", "List, settle and export doubtful sends."),
    "replay": ("hub.cli.replay:replay", "Open again what arrived."),
    "audit": ("hub.cli.audit:audit", "Show who changed what, and prove it whole."),
    "doctor": ("hub.cli.doctor:doctor", "Look the hub over, with the next step."),
    "connector": ("hub.cli.connector:connector", "List, write, certify and try connectors."),
    "templates": ("hub.cli.templates:templates", "List and lint the ready-made messages."),
    "chaos": ("hub.cli.chaos:chaos", "Prove that nothing is lost while parts of it die."),
    "campaign": ("hub.cli.campaign:campaign", "Send one template to the people of a file."),
    "bench": ("hub.cli.bench:bench", "Measure the hub against its bars."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports them on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command, or None when there is no such name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for `--help`, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hub")
def main() -> None:
    """Relais: events come in, messages go out, results go home."""
