#!/bin/sh
# The whole hub on this machine, with a town of pretend customers: sh deploy/demo.sh
set -eu
cd "$(dirname "$0")/.."
. deploy/setup.sh
set_up runtime
exec .venv/bin/hub demo "$@"
