#!/bin/sh
# Makes the hub's role and database in a new PostgreSQL, once: for compose, or by an administrator
# with POSTGRES_PASSWORD set. The hub's role is no superuser, or rows would not be kept apart.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" --username "${POSTGRES_USER:-postgres}" \
    --dbname "${POSTGRES_DB:-postgres}" <<'SQL'
CREATE ROLE relais LOGIN CREATEDB PASSWORD :'password';
CREATE ROLE relais_road NOLOGIN;
CREATE ROLE relais_desk NOLOGIN;
GRANT relais_road TO relais;
GRANT relais_desk TO relais;
CREATE DATABASE relais OWNER relais;
SQL
