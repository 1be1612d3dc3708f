# Sets up .venv in the checkout: sourced by demo.sh and test.sh from the checkout's folder.
# shellcheck shell=sh
# `set_up runtime` or `set_up test` leaves a working .venv; a second run changes and fetches nothing.

# A hub is many processes: what Python compiled for one is kept for the next.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*"; }

give_up() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

set_up() {
    wanted=$1
    stamp=.venv/relais-$wanted
    [ "$wanted" = runtime ] && lock=deploy/requirements.lock || lock=deploy/requirements-$wanted.lock
    if is_ready; then
        make_pages
        return 0
    fi
    [ -w . ] || give_up "This user may not write to $(pwd). Run this as its owner, or copy the checkout to a folder of your own."
    trap 'give_up "Stopped. Run it again: it starts over where it must."' INT TERM
    find_python
    calm_pip
    make_venv
    install_packages
    install_hub
    make_pages
    key >.venv/relais-runtime
    [ "$wanted" = runtime ] || cp .venv/relais-runtime "$stamp"
    rm -f .venv/relais-unfinished
    trap - INT TERM
    say "Set up in .venv."
}

# The browser's files, and the words of each language as programs read them.
make_pages() {
    . deploy/assets.sh
    build_assets
    for words in hub/web/translations/*/LC_MESSAGES/messages.po; do
        made=${words%.po}.mo
        [ -f "$made" ] && [ "$made" -nt "$words" ] ||
            .venv/bin/pybabel --quiet compile --input-file "$words" --output-file "$made"
    done
}

# What a finished set-up depends on: where it lies, its Python, the locks.
key() {
    pwd -P
    .venv/bin/python -c 'import sys; print(sys.version, sys.prefix)' 2>/dev/null || echo broken
    cat deploy/requirements*.lock | cksum
}

is_ready() {
    [ -f .venv/relais-unfinished ] && return 1
    [ -x .venv/bin/hub ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(key)" ]
}

find_python() {
    printf 'Finding Python… '
    enough='import sys; sys.exit(sys.version_info < (3, 11))'
    for python in ${HUB_PYTHON:+"$HUB_PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python ''; do
        "$python" -c "$enough" >/dev/null 2>&1 && break
        [ "${python:-none}" != "${HUB_PYTHON:-}" ] || give_up "HUB_PYTHON names $python, which is not a Python 3.11 or newer. Name another, or unset it."
    done
    [ -n "$python" ] || give_up "No Python 3.11 or newer was found. Install one, or name yours: HUB_PYTHON=/path/to/python3 sh deploy/demo.sh"
    say "$("$python" -c 'import platform; print(platform.python_version())')"
    "$python" -c 'import venv, ensurepip' 2>/dev/null || give_up "This Python cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv. Then run this again."
}

# A person's own settings for pip (a target, --user) must not send the packages elsewhere.
calm_pip() {
    PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0
    export PIP_ROOT_USER_ACTION PIP_DISABLE_PIP_VERSION_CHECK PIP_NO_INPUT PIP_USER
    unset PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_VIRTUALENV PYTHONHOME PYTHONPATH
    if [ ! -w "${HOME:-/nowhere}" ]; then
        PIP_NO_CACHE_DIR=1
        export PIP_NO_CACHE_DIR
    fi
}

# A set-up that was interrupted, moved, or made by another Python is made anew; one that only lacks
# the test tools is added to.
make_venv() {
    if [ -f .venv/relais-unfinished ] || [ ! -f .venv/relais-runtime ] ||
        [ "$(cat .venv/relais-runtime)" != "$(key)" ]; then
        [ ! -L .venv ] || give_up ".venv is a link. Remove it, then run this again."
        say "Making .venv…"
        said=$("$python" -m venv --clear .venv 2>&1) || give_up "$said
The virtual environment could not be made in $(pwd)/.venv. The lines above say why."
    fi
    : >.venv/relais-unfinished
}

install_packages() {
    total=$(grep -c '^[A-Za-z0-9]' "$lock")
    say "Installing $total packages, about a minute the first time…"
    log=.venv/relais-install.log
    {
        .venv/bin/python -m pip install --require-hashes --no-deps --only-binary :all: \
            --progress-bar off --retries 2 --timeout 30 -r "$lock" 2>&1 || echo relais-failed
    } | tee "$log" | show_progress
    if grep -q '^relais-failed$' "$log"; then
        grep -v '^relais-failed$' "$log" | tail -n 5 >&2
        give_up "The packages could not be installed. Check the network (a proxy goes in HTTPS_PROXY) and run this again; all that was said is in $log."
    fi
}

# One line that counts on a terminal; every tenth package elsewhere.
show_progress() {
    count=0
    while IFS= read -r line; do
        case $line in
        Collecting* | Processing* | 'Requirement already satisfied'*) count=$((count + 1)) ;;
        'Installing collected packages'*)
            [ -t 1 ] && printf '\n'
            say "  fetched; unpacking…"
            continue
            ;;
        *) continue ;;
        esac
        if [ -t 1 ]; then
            name=${line#* }
            name=${name##*/}
            name=${name%%[=; ]*}
            printf '\r  %s of %s  %-30.30s' "$count" "$total" "$name"
        elif [ $((count % 10)) -eq 0 ]; then
            say "  $count of $total"
        fi
    done
}

install_hub() {
    say "Installing the hub itself…"
    .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e . >"$log" 2>&1 || {
        cat "$log" >&2
        give_up "The hub could not be installed into .venv. The lines above say why."
    }
}
