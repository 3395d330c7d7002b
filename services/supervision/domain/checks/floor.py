"""The yearly floor of industrial support."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from chassis.money import format_yuan
from contracts.values import HOUSING, INDUSTRY, SOURCE_CLAIM
from services.supervision.domain.dossier import Dossier, Payment, is_on_the_register, standing_on
from services.supervision.domain.finding import Firing
from services.supervision.domain.rule import FLOOR, Rule, Rulebook


def kind_of(payment: Payment, programmes: Mapping[str, str]) -> str:
    """Return the kind of programme a payment belongs to; one not heard of yet is judged by what it pays for."""
    known = programmes.get(payment.programme_code)
    return known or (INDUSTRY if payment.source_kind == SOURCE_CLAIM else HOUSING)


def due_of(year: int) -> date:
    """Return the day from which a year's floor is judged: the first day after it."""
    return date(year + 1, 1, 1)


def next_due(dossier: Dossier, through: date | None) -> date | None:
    """Return the next year end at which the household must be looked at, or None when it never counted."""
    if not dossier.standings:
        return None
    first = min(standing.since for standing in dossier.standings).year
    return due_of(max(first, through.year) if through else first)


def check_floor(
    dossier: Dossier, rules: Rulebook, through: date | None, programmes: Mapping[str, str]
) -> Iterator[Firing]:
    """Fire for each ended year at whose end the household was on the register and had got less than the floor."""
    if through is None or not dossier.standings:
        return
    first = min(standing.since for standing in dossier.standings).year
    for year in range(first, through.year):  # the years that have ended
        last_day = date(year, 12, 31)
        for rule in rules.in_force(FLOOR, last_day) if is_on_the_register(dossier, last_day) else ():
            yield from _judge(dossier, rule, year, programmes)


def _judge(dossier: Dossier, rule: Rule, year: int, programmes: Mapping[str, str]) -> Iterator[Firing]:
    terms: Any = rule.terms
    counted = [
        payment
        for payment in dossier.payments.values()
        if payment.period == str(year) and kind_of(payment, programmes) == terms.programme_kind
    ]
    paid = sum(payment.bank_amount_fen for payment in counted)
    if paid >= terms.amount_fen:
        return
    standing = standing_on(dossier, date(year, 12, 31))
    events = sorted(payment.event_id for payment in counted)
    subject = f"household/{dossier.household_id}"
    yield Firing(
        rule=rule,
        subject=subject,
        occurrence=str(year),
        observed=f"{format_yuan(paid)} paid for {year}",
        expected=f"at least {format_yuan(terms.amount_fen)}",
        evidence=(*events, standing.event_id) if standing else tuple(events),
        due_on=due_of(year),
        values={
            "subject": subject,
            "paid": format_yuan(paid),
            "year": year,
            "floor": format_yuan(terms.amount_fen),
        },
    )
