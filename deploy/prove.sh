#!/bin/sh
# The second step of the checks, some minutes long: everything is killed, and counted: deploy/prove.sh
set -eu
cd "$(dirname "$0")/.."
. deploy/setup.sh
set_up test
.venv/bin/hub chaos --events 2000 --kills 40 --each-point --seed 7
.venv/bin/hub chaos --mutants
