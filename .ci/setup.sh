#!/usr/bin/env bash
# Makes .venv with the locked packages, and installs what apt has where that is allowed.
#   .ci/setup.sh run    what `make run` needs
#   .ci/setup.sh dev    what `make test`, `make lint` and the like need on top
# A stamp in .venv remembers what was installed: the second time takes no time.
set -euo pipefail
cd "$(dirname "$0")/.."

want=${1:-run}
venv=.venv
python=${PYTHON:-python3}

have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo && sudo -n true 2>/dev/null; then sudo "$@"
  else return 1
  fi
}

updated=
apt_install() {
  have apt-get || return 1
  if [ -z "$updated" ]; then
    as_root apt-get update -qq || return 1
    updated=yes
  fi
  echo "Installing with apt: $*"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-upgrade --no-install-recommends "$@" >/dev/null
}

make_venv() {
  [ -x "$venv/bin/python" ] && return
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "The registry needs Python 3.11 or later; set PYTHON to one." >&2
    exit 1
  }
  "$python" -m venv "$venv" 2>/dev/null && return
  rm -rf "$venv" # Debian's python3 comes without venv: the attempt leaves half a folder
  apt_install python3-venv && "$python" -m venv "$venv" && return
  echo "Python cannot make a virtual environment; install its venv module (Debian, Ubuntu: apt-get install python3-venv)." >&2
  exit 1
}

install_packages() {
  local lock=$1 stamp
  stamp="$venv/.installed-$(sha256sum "$lock" 2>/dev/null | cut -c1-16 || shasum -a 256 "$lock" | cut -c1-16)"
  [ -e "$stamp" ] && return
  echo "Installing the locked packages of $lock"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  touch "$stamp"
}

spatialite_loads() {
  "$venv/bin/python" - 2>/dev/null <<'PY'
try:
    import pysqlite3.dbapi2 as driver
except ImportError:
    import sqlite3 as driver
connection = driver.connect(":memory:")
connection.enable_load_extension(True)
connection.load_extension("mod_spatialite")
PY
}

need_spatialite() {
  case ${REGISTRY_DATABASE_URL:-} in postgresql*) [ "$want" = run ] && return ;; esac
  spatialite_loads && return
  apt_install libsqlite3-mod-spatialite && spatialite_loads && return
  echo "SpatiaLite is missing: install it (Debian, Ubuntu: apt-get install libsqlite3-mod-spatialite; Fedora: dnf install" \
    "libspatialite; macOS: brew install libspatialite), or set REGISTRY_DATABASE_URL to a PostGIS database." >&2
  exit 1
}

postgis_there() {
  local bin share
  bin=$(.ci/postgres_bin.sh) || return 1
  # Debian keeps the programs under lib and the extensions under share, by the same version number.
  for share in "${bin/#\/usr\/lib\/postgresql/\/usr\/share\/postgresql}/.." "$("$bin/pg_config" --sharedir 2>/dev/null)"; do
    [ -e "${share%/bin/..}/extension/postgis.control" ] && [ -e "${share%/bin/..}/extension/pg_trgm.control" ] && return
  done
  return 1
}

need_postgis() {
  [ -n "${TEST_POSTGIS_URL:-}" ] && return
  postgis_there && return
  if have apt-get; then
    local version
    # The server's version differs between Debian and Ubuntu releases: take the one apt has PostGIS for.
    as_root apt-get update -qq 2>/dev/null && updated=yes
    version=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | sort -V | tail -n 1 | cut -d- -f2)
    [ -n "$version" ] && apt_install "postgresql-$version" "postgresql-$version-postgis-3" && postgis_there && return
  fi
  echo "PostGIS is missing: install PostgreSQL with PostGIS (Debian, Ubuntu: apt-get install postgresql postgis" \
    "postgresql-postgis), or set TEST_POSTGIS_URL to the address of a superuser." >&2
  exit 1
}

need_chromium() {
  have chromium || have chromium-browser || have google-chrome && return
  apt_install chromium && return
  echo "Chromium is missing, the browser tests need it (Debian: apt-get install chromium; macOS: brew install chromium)." >&2
  exit 1
}

make_venv
case $want in
  run) install_packages requirements.txt ;;
  dev)
    install_packages requirements-dev.txt
    need_postgis
    need_chromium
    ;;
  tools) install_packages requirements-dev.txt ;;
  *) echo "Say run, tools or dev." >&2; exit 2 ;;
esac
[ "$want" = tools ] || need_spatialite
