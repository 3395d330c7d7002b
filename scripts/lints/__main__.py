"""Run every lint: `python -m scripts.lints [FOLDER]`; exit status 1 when something breaks a rule."""

import argparse
import sys
from pathlib import Path

from scripts.lints.every import LINTS, violations

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Print each violation, then each broken rule's reason and its way out."""
    parser = argparse.ArgumentParser(prog="python -m scripts.lints", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT, help="the tree to look at")
    parser.add_argument("--list", action="store_true", help="say what the rules are and why")
    arguments = parser.parse_args()
    if arguments.list:
        print(*(f"{lint.name}: {lint.reason}" for lint in LINTS), sep="\n")
        return 0
    found = violations(arguments.folder)
    print(*found, sep="\n", end="\n" if found else "")
    for lint in LINTS:
        if any(violation.lint == lint.name for violation in found):
            print(f"{lint.name}: {lint.reason} Where it must be: `# lint: allow-{lint.name} because ...`")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
