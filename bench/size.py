"""How much is measured: whole benchmarks by default, a taste of each when the smoke test asks for it."""

import os

SCALE = float(os.environ.get("TUOPIN_BENCH_SCALE", "1"))
ROUNDS = 5 if SCALE >= 1 else 1


def scaled(count: int, least: int = 1) -> int:
    """Return a count, cut down for a smoke test."""
    return max(least, int(count * min(SCALE, 1)))
