#!/usr/bin/env bash
# Runs a command with TEST_POSTGIS_URL set: the address that is given, or a throw-away cluster that ends with the command.
set -euo pipefail

if [ -n "${TEST_POSTGIS_URL:-}" ]; then
  exec "$@"
fi

bin=$("$(dirname "$0")/postgres_bin.sh") || {
  echo "PostgreSQL's initdb is not here: install PostgreSQL with PostGIS, or set TEST_POSTGIS_URL." >&2
  exit 1
}

# Short, because a socket's path may have 107 bytes; in /tmp, because the server's user must be able to reach it.
folder=$(mktemp -d /tmp/registry.XXXXXX)
# initdb refuses to run as root: the server then runs as the user that Debian made for it.
server=()
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  server=(runuser -u postgres --)
fi
cd "$folder" # the server's user may not be allowed to see where we came from
stop() {
  "${server[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

"${server[@]}" "$bin/initdb" -D "$folder/data" -A trust -U postgres --no-sync --locale=C.UTF-8 >/dev/null ||
  "${server[@]}" "$bin/initdb" -D "$folder/data" -A trust -U postgres --no-sync --no-locale -E UTF8 >/dev/null
options="-c listen_addresses='' -c unix_socket_directories=$folder -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
"${server[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "$options" start >/dev/null || {
  cat "$folder/log" >&2
  exit 1
}
cd "$OLDPWD"

export TEST_POSTGIS_URL="postgresql+psycopg://postgres@/postgres?host=$folder"
"$@"
