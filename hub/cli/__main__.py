"""`python -m hub.cli`: the `hub` command where it is not installed."""

from hub.cli import main

main(prog_name="hub")
