#!/usr/bin/env bash
# Brings the database to the present schema, fills an empty one with the demo, and serves it.
set -euo pipefail
cd "$(dirname "$0")/.."
export INSTANCE=${INSTANCE:-instance}
mkdir -p "$INSTANCE"
host=${HOST:-127.0.0.1}
port=${PORT:-8000}

.venv/bin/flask --app wsgi db upgrade
.venv/bin/flask --app wsgi registry demo --if-empty
echo "Serving on http://$host:$port (Ctrl-C ends it)"
exec .venv/bin/gunicorn --bind "$host:$port" --worker-class gthread --workers "${WEB_CONCURRENCY:-1}" --threads 8 \
  --max-requests 5000 --access-logfile - --log-level warning wsgi:app
