#!/bin/sh
# Makes the secrets that compose.yaml reads, once, for nobody else to read: sh deploy/secrets.sh
set -eu
cd "$(dirname "$0")"
umask 077
target=${1:-.env}
if [ -e "$target" ]; then
    echo "$target is there already; nothing was changed."
    exit 0
fi
random() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }
cat >"$target" <<SECRETS
RELAIS_MASTER_KEY=$(random 32)
RELAIS_DATABASE_PASSWORD=$(random 24)
RELAIS_REDIS_PASSWORD=$(random 24)
# The address that your shop and your carrier can reach:
RELAIS_PUBLIC_URL=${RELAIS_PUBLIC_URL:-https://hub.example.com}
SECRETS
echo "Wrote $target. Set RELAIS_PUBLIC_URL in it, and keep a copy of RELAIS_MASTER_KEY in another safe"
echo "place: without it no backup and no credential can be opened."
