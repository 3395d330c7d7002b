"""Payments compared with the register, with what was granted, and with the stage they were paid for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from chassis.money import format_yuan
from contracts.values import SOURCE_CLAIM
from services.supervision.domain.dossier import (
    Dated,
    Dossier,
    Payment,
    is_on_the_register,
    standing_on,
    status_on,
)
from services.supervision.domain.finding import Firing
from services.supervision.domain.rule import ELIGIBILITY, SEQUENCE, THREE_WAY, Rulebook


class Paid(NamedTuple):
    """Everything the bank credited for one claim or one instalment, in the order of payment."""

    subject: str
    occurrence: str
    source_id: UUID
    is_claim: bool
    payments: list[Payment]


def paid_sources(dossier: Dossier) -> list[Paid]:
    """Return what was paid, by what it was paid for; an instalment not heard of yet has no house and waits."""
    by_source: dict[tuple[str, UUID], list[Payment]] = defaultdict(list)
    for payment in dossier.payments.values():
        by_source[payment.source_kind, payment.source_id].append(payment)
    found = []
    for (kind, source_id), payments in by_source.items():
        payments.sort(key=lambda payment: (payment.paid_on, payment.event_id))
        if kind == SOURCE_CLAIM:
            found.append(Paid(f"claim/{source_id}", "", source_id, True, payments))
        elif source_id in dossier.instalments:
            house_id = dossier.instalments[source_id].house_id
            found.append(Paid(f"house/{house_id}", str(source_id), source_id, False, payments))
    return found


def check_eligibility(dossier: Dossier, sources: Iterable[Paid], rules: Rulebook) -> Iterator[Firing]:
    """Fire for money paid on a day on which the household was not on the register.

    A household never heard of is not judged: the registry's own news of it may still be on its way.
    """
    if not dossier.standings:
        return
    for paid in sources:
        wrong = [one for one in paid.payments if not is_on_the_register(dossier, one.paid_on)]
        for rule in rules.in_force(ELIGIBILITY, wrong[0].paid_on) if wrong else ():
            days = ", ".join(str(one.paid_on) for one in wrong)
            status = status_on(dossier, wrong[0].paid_on)
            yield Firing(
                rule=rule,
                subject=paid.subject,
                occurrence=paid.occurrence,
                observed=f"paid on {days}, household {status}",
                expected="on the register on the day of payment",
                evidence=_evidence(dossier, wrong),
                values={"subject": paid.subject, "paid_on": days, "status": status},
            )


def _evidence(dossier: Dossier, payments: Sequence[Payment]) -> tuple[UUID, ...]:
    standing = standing_on(dossier, payments[0].paid_on)
    ids = [payment.event_id for payment in payments]
    return (*ids, standing.event_id) if standing else tuple(ids)


def check_three_way(dossier: Dossier, sources: Iterable[Paid], rules: Rulebook) -> Iterator[Firing]:
    """Fire where what was granted, what was ordered and what the bank credited are not one sum."""
    for paid in sources:
        granted, granted_event = _granted(dossier, paid)
        if granted is None or granted_event is None:
            continue
        ordered = sum(payment.amount_fen for payment in paid.payments)
        credited = sum(payment.bank_amount_fen for payment in paid.payments)
        for rule in rules.in_force(THREE_WAY, paid.payments[-1].paid_on):
            terms: Any = rule.terms
            sums = (granted, ordered, credited)
            if max(sums) - min(sums) > terms.tolerance_fen:
                claim, payment, bank = (format_yuan(fen) for fen in sums)
                yield Firing(
                    rule=rule,
                    subject=paid.subject,
                    occurrence=paid.occurrence,
                    observed=f"granted {claim}, payment {payment}, bank {bank}",
                    expected="granted, payment and bank amounts are equal",
                    evidence=(granted_event, *(one.event_id for one in paid.payments)),
                    values={"subject": paid.subject, "granted": claim, "payment": payment, "bank": bank},
                )


def _granted(dossier: Dossier, paid: Paid) -> tuple[int | None, UUID | None]:
    if paid.is_claim:
        claim = dossier.claims.get(paid.source_id)
        return (claim.amount_fen, claim.amount_event) if claim else (None, None)
    instalment = dossier.instalments[paid.source_id]
    return instalment.amount_fen, instalment.event_id


def check_sequence(dossier: Dossier, sources: Iterable[Paid], rules: Rulebook) -> Iterator[Firing]:
    """Fire for an instalment that was paid before the day of its stage, as that day is known now."""
    for paid in sources:
        if paid.is_claim:
            continue
        instalment = dossier.instalments[paid.source_id]
        house = dossier.houses.get(instalment.house_id)
        known = house.steps.get(instalment.stage) if house else None
        stage = known or Dated(instalment.stage_on, instalment.event_id)
        first = paid.payments[0]
        for rule in rules.in_force(SEQUENCE, first.paid_on) if first.paid_on < stage.on else ():
            yield Firing(
                rule=rule,
                subject=paid.subject,
                occurrence=paid.occurrence,
                observed=f"paid on {first.paid_on}, {instalment.stage} on {stage.on}",
                expected=f"{instalment.stage} on or before the day of payment",
                evidence=(first.event_id, stage.event_id),
                values={
                    "subject": paid.subject,
                    "paid_on": first.paid_on,
                    "stage": instalment.stage,
                    "stage_on": stage.on,
                },
            )
