#!/usr/bin/env bash
# Prints the folder of PostgreSQL's server programs: Debian's newest with PostGIS, or that of the initdb on the PATH.
set -euo pipefail

for bin in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
  version=$(basename "$(dirname "$bin")")
  if [ -x "$bin/initdb" ] && [ -e "/usr/share/postgresql/$version/extension/postgis.control" ]; then
    echo "$bin"
    exit
  fi
done
initdb=$(command -v initdb) || exit 1
dirname "$(realpath "$initdb")"
