#!/bin/sh
# Makes the virtual environment from the hashed lock file and installs the project into it. Called by make.
set -eu

python=${PYTHON:-python3}
venv=${VENV:-.venv}

command -v "$python" >/dev/null || { echo "No $python here: install Python 3.11 or newer, or name it: make PYTHON=/path/to/python" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { echo "$python is too old: Python 3.11 or newer is needed, name it with make PYTHON=..." >&2; exit 1; }
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    { echo "This Python cannot make environments; on Debian: apt-get install python3-venv" >&2; exit 1; }

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"

# uv stands in the lock itself; it installs the rest in a tenth of the time. Where it does not run, pip does the same.
awk '/^uv==/ { wanted = 1; print; next } /^[^ ]/ { wanted = 0 } wanted' requirements-dev.lock >"$venv/uv.lock"
"$venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$venv/uv.lock" || echo "Going on without uv" >&2

index=$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)
index=${PIP_INDEX_URL:-$index}
if ! env ${index:+"UV_DEFAULT_INDEX=$index"} "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" \
    --require-hashes -r requirements-dev.lock; then
    echo "uv could not install the lock, pip tries" >&2
    "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements-dev.lock
fi
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
