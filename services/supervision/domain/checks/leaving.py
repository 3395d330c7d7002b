"""Exits held against their criteria, as their visit is known now."""

from collections.abc import Iterator
from uuid import UUID

from chassis.money import format_yuan
from services.supervision.domain import words
from services.supervision.domain.dossier import Dossier, Exit, Visit
from services.supervision.domain.finding import Firing
from services.supervision.domain.rule import EXIT_CRITERIA, Rulebook


def check_exit(dossier: Dossier, rules: Rulebook) -> Iterator[Firing]:
    """Fire for an exit with an income that is not above the line, or without one of the other criteria."""
    leaving = dossier.exit
    if leaving is None:
        return
    visit = dossier.visits.get(leaving.assessment.visit_id)
    lacking = list(_lacking(leaving, visit))
    for rule in rules.in_force(EXIT_CRITERIA, leaving.on) if lacking else ():
        subject = f"household/{dossier.household_id}"
        line = format_yuan(leaving.assessment.line_fen)
        yield Firing(
            rule=rule,
            subject=subject,
            observed=f"exited on {leaving.on}: {', '.join(lacking)}",
            expected=f"income above {line} a person, two assurances, three guarantees, a signature",
            evidence=_evidence(leaving, visit),
            values={
                "subject": subject,
                "exited_on": leaving.on,
                "lacking": ", ".join(lacking),
                "lacking_zh": words.in_chinese(lacking),
                "line": line,
            },
        )


def _lacking(leaving: Exit, visit: Visit | None) -> Iterator[str]:
    """Yield what an exit lacks; the income itself stays in the visit, which fewer people may read."""
    assessment = leaving.assessment
    corrected = visit.income_fen if visit else None
    income = assessment.per_capita_income_fen if corrected is None else corrected
    if income <= assessment.line_fen:
        yield words.LOW_INCOME
    if not assessment.assurances_met:
        yield words.NO_ASSURANCE
    if not assessment.guarantees_met:
        yield words.NO_GUARANTEE
    if not assessment.signed:
        yield words.UNSIGNED
    if visit is not None and not visit.is_complete:
        yield words.UNCHECKED
    if visit is not None and visit.annulled_by is not None:
        yield words.ANNULLED


def _evidence(leaving: Exit, visit: Visit | None) -> tuple[UUID, ...]:
    later = (visit.corrected_by, visit.annulled_by) if visit else ()
    return (leaving.event_id, *(event_id for event_id in later if event_id is not None))
