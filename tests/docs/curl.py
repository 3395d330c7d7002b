"""A stand-in for curl with the options the tutorial uses, for machines that have Python and nothing else."""

import argparse
import shutil
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

HTTP_ERROR = 22


def ensured(folder: Path) -> Path:
    """Return a folder with a curl in it: the machine's own, or this one."""
    found = shutil.which("curl")
    if found is not None:
        return Path(found).parent
    (folder / "bin").mkdir()
    stand_in = folder / "bin" / "curl"
    stand_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$@"\n')
    stand_in.chmod(0o755)
    return stand_in.parent


def main(arguments: list[str]) -> int:
    """Send one request and print its answer."""
    parser = argparse.ArgumentParser()
    for option in ("--silent", "--show-error", "--fail", "--fail-with-body"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("url")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("--data", action="append")
    parser.add_argument("--data-binary", action="append")
    given = parser.parse_args(arguments)
    parts = given.data or given.data_binary
    body = b"&".join(_part(part) for part in parts) if parts is not None else None
    request = urllib.request.Request(given.url, body, method=given.method)  # noqa: S310 - the test's own address
    for header in given.headers:
        name, _, value = header.partition(":")
        if value.strip():
            request.add_header(name, value.strip())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request) as answer:
            sys.stdout.buffer.write(answer.read())
    except urllib.error.HTTPError as refused:
        sys.stdout.buffer.write(refused.read())
        return HTTP_ERROR
    return 0


def _part(part: str) -> bytes:
    if part == "@-":
        return sys.stdin.buffer.read()
    return Path(part[1:]).read_bytes() if part.startswith("@") else part.encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
