"""Which households carry which planted case; no household carries two."""

from collections import defaultdict
from collections.abc import Iterable
from random import Random

from cli.sample.county import Rule
from cli.sample.plan import SampleHousehold
from cli.sample.sums import UnreachableFigure

HOUSE_RULES = frozenset({Rule.HOUSE_EMPTY, Rule.HOUSE_OVER_AREA, Rule.SUBSIDY_BEFORE_STAGE})
# A photo is reused between two households; every other case needs one.
HOUSEHOLDS_OF_A_CASE = {Rule.PHOTO_REUSED: 2}

Cases = dict[Rule, list[tuple[str, ...]]]


class Chosen:
    """The file numbers of every planted case by rule, in planting order."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def cases(self, rule: Rule) -> list[tuple[str, ...]]:
        """Return the households of each case of a rule."""
        return self._cases.get(rule, [])

    def households(self, *rules: Rule) -> set[str]:
        """Return all households that carry a case of the rules."""
        return {number for rule in rules for case in self.cases(rule) for number in case}


def choose(planted: Iterable[Rule], households: tuple[SampleHousehold, ...], rng: Random) -> Chosen:
    """Draw the households of the cases: house cases among the relocated, all others among those who stay."""
    moving = [household.file_number for household in households if household.site_key is not None]
    staying = [household.file_number for household in households if household.site_key is None]
    rng.shuffle(moving)
    rng.shuffle(staying)
    cases: Cases = defaultdict(list)
    for rule in planted:
        pool = moving if rule in HOUSE_RULES else staying
        size = HOUSEHOLDS_OF_A_CASE.get(rule, 1)
        if len(pool) < size:
            raise UnreachableFigure("The county is too small for the cases to plant.")
        cases[rule].append(tuple(sorted(pool.pop() for _ in range(size))))
    return Chosen(dict(cases))
