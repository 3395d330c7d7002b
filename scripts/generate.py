"""Write what is generated from the contracts: schema snapshots, docs/events.md and docs/asyncapi.json."""

import argparse
import json
import sys
from pathlib import Path

from contracts.event_documents import asyncapi_text, events_page
from contracts.schema_tools import incompatibilities, removed_events, snapshots

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "contracts" / "schemas"


def generated() -> dict[Path, str]:
    """Return every generated file with its text."""
    files = {SCHEMAS / name: text for name, text in snapshots().items()}
    files[ROOT / "docs" / "events.md"] = events_page()
    files[ROOT / "docs" / "asyncapi.json"] = asyncapi_text()
    return files


def breaks() -> list[str]:
    """Return what the readers of the stored snapshots could no longer read."""
    stored = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))}
    current = {name: json.loads(text) for name, text in snapshots().items()}
    faults = [
        f"{event}: the event was removed" for event in removed_events(n.removesuffix(".json") for n in stored)
    ]
    for name in stored.keys() & current.keys():
        faults += [f"{name}: {fault}" for fault in incompatibilities(stored[name], current[name])]
    return sorted(faults)


def main() -> int:
    """Write the files, or with --check only say which are out of date; an incompatible change stops both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit 1 on drift")
    parser.add_argument(
        "--unreleased",
        action="store_true",
        help="accept an incompatible change of events nobody has read yet",
    )
    arguments = parser.parse_args()
    faults = breaks()
    if faults and not arguments.unreleased:
        print(*faults, "Make it a .v2, or add an optional field.", sep="\n")
        return 1
    files = generated()
    stale = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        if not arguments.check:
            path.write_text(files[path], "utf-8")
        fate = "is out of date: run scripts/generate.py" if arguments.check else "written"
        print(f"{path.relative_to(ROOT)} {fate}")
    return 1 if stale and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
