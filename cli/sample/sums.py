"""Whole numbers that must add up exactly: spreading a total over parts without trial and error."""

from random import Random


class UnreachableFigure(Exception):  # noqa: N818 - says what was found
    """The figures of the county contradict each other."""

    code = "sample.unreachable-figure"


def spread(total: int, parts: int, bounds: tuple[int, int], rng: Random) -> list[int]:
    """Return `parts` varied numbers within the bounds that add up to the total."""
    low, high = bounds
    if not low * parts <= total <= high * parts:
        raise UnreachableFigure(f"{total} cannot be spread over {parts} parts of {low} to {high}.")
    if parts == 0:
        return []
    mean = total // parts
    jitter = max(1, min(mean - low, high - mean) * 2 // 3)
    values = [min(high, max(low, mean + rng.randint(-jitter, jitter))) for _ in range(parts)]
    return _stretch(_settle(values, total - sum(values), bounds, rng), bounds, rng)


def _stretch(values: list[int], bounds: tuple[int, int], rng: Random) -> list[int]:
    """Move single units from part to part, so that the far ends of the bounds occur too; the sum stays."""
    low, high = bounds
    for _ in range(len(values)):
        giver, taker = rng.randrange(len(values)), rng.randrange(len(values))
        if giver != taker and values[giver] > low and values[taker] < high:
            values[giver] -= 1
            values[taker] += 1
    return values


def _settle(values: list[int], difference: int, bounds: tuple[int, int], rng: Random) -> list[int]:
    low, high = bounds
    order = rng.sample(range(len(values)), len(values))
    unit = 1 if difference > 0 else -1
    turn = 0
    while difference:
        slot = order[turn % len(order)]
        turn += 1
        if low <= values[slot] + unit <= high:
            values[slot] += unit
            difference -= unit
    return values


def share(whole: int, part: int, of: int) -> int:
    """Return `whole * part / of` rounded half up, in integers."""
    return (2 * whole * part + of) // (2 * of)
