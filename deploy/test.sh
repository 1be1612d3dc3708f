#!/bin/sh
# Every check that a change must pass: sh deploy/test.sh. With arguments: pytest alone, with them.
# With --screenshots DIR: a picture of every page, at three widths, light and dark, full and empty.
set -eu
cd "$(dirname "$0")/.."
started=$(date +%s)
. deploy/setup.sh
set_up test
PATH=$(pwd)/.venv/bin:$PATH
export PATH

failed=
# One failure does not hide the next.
check() {
    printf '\n== %s\n' "$*"
    "$@" || failed="${failed:+$failed, }$1 ${2:-}"
}

chromium_is_here() {
    for browser in chromium chromium-browser; do
        command -v "$browser" >/dev/null 2>&1 && return 0
    done
    python - 2>/dev/null <<'PYTHON'
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as kit:
    sys.exit(not os.path.exists(kit.chromium.executable_path))
PYTHON
}

kannel_is_here() {
    [ -x /usr/sbin/bearerbox ] && [ -x /usr/lib/kannel/test/fakesmsc ]
}

machines_are_allowed() {
    probe=relais-probe-$$
    [ "$(id -u)" = 0 ] && ip netns add "$probe" 2>/dev/null || return 1
    ip link add "rlp$$" type veth peer name cable netns "$probe" 2>/dev/null && made=0 || made=1
    ip netns del "$probe"
    return $made
}

# fetch <packages>: on Debian, as root, what the tests of real programs need. Nothing is started.
fetch() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 0
    echo "Installing $* for the tests that use them…"
    DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
    export DEBIAN_FRONTEND RUNLEVEL
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } \
        >/dev/null 2>&1 || true
}

# leave_out <mark> <why>: the tests of a program that this machine has not are counted and left out.
leave_out() {
    # pytest ends with 5 when no test carries the mark.
    count=$(pytest --collect-only -q -m "$1" 2>/dev/null | grep -c '::' || true)
    echo "$2 (tests left out: $count)."
    marks="${marks:+$marks and }not $1"
}

run_tests() {
    marks=
    chromium_is_here || fetch chromium
    kannel_is_here || fetch kannel kannel-extras
    chromium_is_here || leave_out browser "No Chromium here, so pages are not opened in a browser"
    kannel_is_here || leave_out kannel "No Kannel here, so it is not spoken to"
    machines_are_allowed || leave_out netns "No network namespaces here, so a hub on two machines is not tried"
    check pytest -n 2 --dist loadfile ${marks:+-m "$marks"} "$@"
}

if [ "${1:-}" = --screenshots ]; then
    [ -n "${2:-}" ] || give_up "Say where the pictures go: sh deploy/test.sh --screenshots pictures"
    mkdir -p "$2"
    RELAIS_SCREENSHOTS=$(cd "$2" && pwd)
    export RELAIS_SCREENSHOTS
    run_tests hub/web/pages/test_every_page.py
    say "The pictures are in $RELAIS_SCREENSHOTS."
elif [ $# -gt 0 ]; then
    run_tests "$@"
else
    check ruff check .
    check ruff format --check .
    check mypy
    check lint-imports
    run_tests
    check sh deploy/prove.sh
fi
took="$(($(date +%s) - started)) seconds"
if [ -n "$failed" ]; then
    printf '\nFailed: %s. It took %s; what each says is above.\n' "$failed" "$took"
    exit 1
fi
printf '\nAll passed in %s.\n' "$took"
