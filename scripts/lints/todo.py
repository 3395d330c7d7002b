"""An unfinished place names the issue in which somebody will finish it."""

import io
import re
import tokenize
from collections.abc import Iterator

from scripts.lints.source import Hit, Lint, Source, Tree

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
ISSUE = re.compile(r"#\d+|\bissue \d+", re.IGNORECASE)


def check(source: Source, _tree: Tree) -> Iterator[Hit]:
    """Yield comments that say something is unfinished and name no issue."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if (
            token.type == tokenize.COMMENT
            and UNFINISHED.search(token.string)
            and not ISSUE.search(token.string)
        ):
            yield token.start[0], "unfinished without an issue number"


LINT = Lint(
    name="todo",
    reason="What has no number is never done.",
    holds=lambda source: source.is_python,
    check=check,
)
