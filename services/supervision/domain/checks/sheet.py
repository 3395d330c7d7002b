"""Rounds whose numbers do not close, and notices that did not hang their time."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from contracts.events.procedure import RoundCounts
from services.supervision.domain.finding import Firing
from services.supervision.domain.rule import ADDITIVITY, NOTICE_PERIOD, Rule, Rulebook
from services.supervision.domain.sheet import Closing, Notice, Round, named_late


class Size(NamedTuple):
    """So many households with so many persons."""

    households: int
    persons: int

    def __str__(self) -> str:
        """Return the words of a finding."""
        return f"{self.households} households, {self.persons} persons"


class Difference(NamedTuple):
    """Closing numbers that are not what they should be: how that shows, both numbers, and the events that say so."""

    how: str
    closing: Size
    found: Size
    evidence: tuple[UUID, ...]


def check_round(round_: Round, rules: Rulebook) -> Iterator[Firing]:
    """Fire for a closed round that does not add up, and for one that late facts make untrue."""
    closing = round_.closing
    if closing is None:
        return
    differences = list(_differences(round_, closing))
    for rule in rules.in_force(ADDITIVITY, closing.on):
        for difference in differences:
            yield _firing(rule, round_, closing.on, difference)


def _differences(round_: Round, closing: Closing) -> Iterator[Difference]:
    stated = Size(closing.counts.closing_households, closing.counts.closing_persons)
    added_up = add_up(closing.counts)
    if added_up != stated:
        yield Difference("added up", stated, added_up, (closing.told_by,))
    known = known_now(round_, stated)
    if known != stated:
        events = sorted({event_id for late in named_late(round_).values() for event_id in late.events})
        yield Difference("as now known", stated, known, (closing.told_by, *events))


def add_up(counts: RoundCounts) -> Size:
    """Return the closing numbers that follow: opening + added - removed, and persons as they changed."""
    return Size(
        counts.opening_households + counts.added_households - counts.removed_households,
        counts.opening_persons + counts.added_persons - counts.removed_persons + counts.changed_persons,
    )


def known_now(round_: Round, closing: Size) -> Size:
    """Return the numbers of the closing day as they are known now."""
    return Size(closing.households + round_.late_households, closing.persons + round_.late_persons)


def _firing(rule: Rule, round_: Round, closed_on: date, difference: Difference) -> Firing:
    how, closing, found, evidence = difference
    subject = f"round/{round_.round_id}"
    return Firing(
        rule=rule,
        subject=subject,
        occurrence=how,
        observed=f"closed with {closing}; {how} {found}",
        expected="the closing numbers are those of opening, added, removed and changed",
        evidence=evidence,
        values={
            "subject": subject,
            "closed_on": closed_on,
            "closing": closing,
            "found": found,
            "closing_zh": f"{closing.households} 户 {closing.persons} 人",
            "found_zh": f"{found.households} 户 {found.persons} 人",
        },
    )


def check_notice(notice: Notice, rules: Rulebook) -> Iterator[Firing]:
    """Fire for a notice that came down before its time; a voided one counts for nothing and is left alone."""
    if notice.is_void:
        return
    for hanging in (notice.cut, notice.closed):
        if hanging is None:
            continue
        until = hanging.until
        for rule in rules.in_force(NOTICE_PERIOD, hanging.posted_on) if hanging.down_on < until else ():
            subject = f"notice/{notice.notice_id}"
            # Those that count.
            hung = max(hanging.min_days - (until - hanging.down_on).days, 0)
            yield Firing(
                rule=rule,
                subject=subject,
                observed=f"posted on {hanging.posted_on}, down on {hanging.down_on}, after {hung} days",
                expected=f"hangs {hanging.min_days} days, until {until}",
                evidence=(hanging.event_id,),
                values={
                    "subject": subject,
                    "posted_on": hanging.posted_on,
                    "down_on": hanging.down_on,
                    "days": hung,
                    "min_days": hanging.min_days,
                },
            )
            return
