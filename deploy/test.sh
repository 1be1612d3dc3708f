#!/bin/sh
# Every check that a change must pass: sh deploy/test.sh. With arguments: pytest alone, with them.
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
    for browser in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$browser" >/dev/null 2>&1 && return 0
    done
    python - 2>/dev/null <<'PYTHON'
import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as kit:
    sys.exit(not os.path.exists(kit.chromium.executable_path))
PYTHON
}

fetch_chromium() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 0
    echo "Installing Chromium for the tests that open pages…"
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } \
        >/dev/null 2>&1 || true
}

run_tests() {
    chromium_is_here || fetch_chromium
    if chromium_is_here; then
        check pytest -n 2 --dist loadfile "$@"
        return
    fi
    # pytest ends with 5 when no test carries the mark.
    pages=$(pytest --collect-only -q -m browser 2>/dev/null | grep -c '::' || true)
    echo "No Chromium here, so pages are not opened in a browser (tests left out: $pages)."
    check pytest -n 2 --dist loadfile -m "not browser" "$@"
}

if [ $# -gt 0 ]; then
    run_tests "$@"
else
    check ruff check .
    check ruff format --check .
    check mypy
    check lint-imports
    run_tests
fi
took="$(($(date +%s) - started)) seconds"
if [ -n "$failed" ]; then
    printf '\nFailed: %s. It took %s; what each says is above.\n' "$failed" "$took"
    exit 1
fi
printf '\nAll passed in %s.\n' "$took"
