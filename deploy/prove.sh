#!/bin/sh
# The second step of the checks, some minutes long: faults are seeded in every connector, and each is
# caught by some law of the kit; then everything is killed, and counted: deploy/prove.sh
set -eu
cd "$(dirname "$0")/.."
. deploy/setup.sh
set_up test
.venv/bin/hub connector certify
.venv/bin/hub chaos --events 2000 --kills 40 --each-point --rcs --clock-jumps 4 --slow-disks 2 --seed 7
disk=$(mktemp -d)
if mount -t tmpfs relais-probe "$disk" 2>/dev/null; then
  umount "$disk"
  .venv/bin/hub chaos --events 600 --disk-fulls 3 --seed 7
else
  echo "No disk can be mounted here: the trial of a full disk is left out."
fi
rmdir "$disk"
.venv/bin/hub chaos --mutants
