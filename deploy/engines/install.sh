#!/bin/sh
# Installs what a real Kafka needs on Debian (Java and Maven) where it is missing, and nothing otherwise.
set -eu

if command -v java >/dev/null && command -v mvn >/dev/null; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "Java 17 and Maven are missing and this is no Debian: install both by hand" >&2
    exit 1
fi

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    as_root="sudo"
fi
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends maven default-jre-headless
