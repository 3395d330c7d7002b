"""No address of a package registry and no path of somebody's machine: the tree must work anywhere."""

import re
from collections.abc import Iterator

from scripts.lints.source import Hit, Lint, Source, Tree

# Split, so that this file does not hold what it looks for.
HOSTS = (
    r"pypi" + r"\.org",
    r"python" + r"hosted\.org",
    r"registry\.npm" + r"js\.org",
    r"registry\.yarn" + r"pkg\.com",
    r"deb\.deb" + r"ian\.org",
    r"repo1?\.maven" + r"\.(org|apache)",
    r"maven\.apache\.org/" + r"maven2",
    r"proxy\.go" + r"lang\.org",
)
FOLDERS = "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Use" + "rs"))
ADDRESS = re.compile("|".join(HOSTS))
PATH = re.compile(rf"(?<![\w.*{{}}/$-])/({FOLDERS})/[\w.]")


def check(source: Source, _tree: Tree) -> Iterator[Hit]:
    """Yield lines that name a registry or an absolute folder of a machine."""
    for number, line in enumerate(source.lines, 1):
        if ADDRESS.search(line):
            yield number, "the address of a package registry; leave it to the client's own settings"
        elif PATH.search(line):
            yield number, "a path of one machine; take it relative to the tree or as an argument"


LINT = Lint(
    name="address",
    reason="A mirror, a proxy or another checkout must need no change of the tree.",
    holds=lambda _source: True,
    check=check,
)
