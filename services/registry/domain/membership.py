"""In which household somebody was, from when to when, as far as it is known now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from contracts.values import CLOSED, WITHDRAWN
from services.registry.domain.timeline import spans

OVER: Final = frozenset({CLOSED, WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Days in one household of one village under one relation to its head; `until` is the first day after."""

    village_code: str
    relation: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One version of a household's file as it concerns one person; no relation when they are not in it."""

    village_code: str
    relation: str | None


def memberships(
    contents: Sequence[tuple[Statement, date]], standings: Sequence[tuple[str, date]]
) -> list[Membership]:
    """Return when somebody was in a household; a closed file holds nobody, a withdrawn one never did."""
    if standings and standings[-1][0] == WITHDRAWN:
        return []
    known = spans(contents)
    ends = [*(since for since, _ in known[1:]), None]
    found = [
        Membership(village_code=statement.village_code, relation=statement.relation, since=since, until=until)
        for (since, statement), until in zip(known, ends, strict=True)
        if statement.relation is not None
    ]
    since, status = spans(standings)[-1] if standings else (None, None)
    # A household that came back has its people again.
    closed_on = since if status in OVER else None
    return _joined([_cut(each, closed_on) for each in found if closed_on is None or each.since < closed_on])


def _cut(membership: Membership, closed_on: date | None) -> Membership:
    if closed_on is None or (membership.until is not None and membership.until <= closed_on):
        return membership
    return replace(membership, until=closed_on)


def _joined(found: list[Membership]) -> list[Membership]:
    joined: list[Membership] = []
    for each in found:
        last = joined[-1] if joined else None
        if last and last == replace(each, since=last.since, until=each.since):
            joined[-1] = replace(last, until=each.until)
        else:
            joined.append(each)
    return joined
