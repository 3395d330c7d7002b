"""A visit to a household: who went, when, what they found, and what may be said of it later."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from chassis.errors import FieldError
from contracts.events import visit as facts
from services.registry.domain.errors.register import DateInFuture, NothingChanged
from services.registry.domain.errors.visit import (
    PhotoTwice,
    TeamTooSmall,
    VisitAnnulledAlready,
    VisitBeforeRound,
    VisitInvalid,
)
from services.registry.domain.five_checks import Found, missing_checks
from services.registry.domain.income import INCOME_TOTAL
from services.registry.domain.round import Round
from services.registry.domain.rule_pack import RulePack

TEAM: Final = "visit-team"
PHOTO_ONCE: Final = "photo-once"
WITHIN_ROUND: Final = "visit-within-round"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Who went, and where they stood."""

    members: tuple[str, ...] = field(repr=False)
    latitude: float = field(repr=False)
    longitude: float = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What holds now of one visit; `persons` lived in the household on the day, in the village.

    `area_code` is where the household lives now: whoever answers for it there sees the visit, nobody else.
    """

    id: UUID
    household_id: UUID
    village_code: str
    area_code: str
    round_id: UUID | None
    visited_on: date
    version: int
    is_valid: bool
    persons: int
    found: Found
    team: Team
    checks_complete: bool
    recorded_at: datetime

    @property
    def per_capita_income_fen(self) -> int | None:
        """Net income by the head, once income was checked."""
        check = self.found.checks.income
        return None if check is None else check.income.per_capita_fen(self.persons)

    @property
    def figures(self) -> facts.VisitFigures:
        """What others compare of it."""
        return facts.VisitFigures(
            checks_complete=self.checks_complete,
            persons=self.persons,
            per_capita_income_fen=self.per_capita_income_fen,
        )


def check_visit(visit: Visit, pack: RulePack, *, within: Round | None, today: date) -> None:
    """Refuse a visit on a day that cannot be, by too small a team, or whose figures cannot be."""
    if visit.visited_on > today:
        raise DateInFuture(pointer="/visited_on")
    if within is not None and visit.visited_on < within.opened_on:
        raise VisitBeforeRound(pointer="/visited_on", rule=WITHIN_ROUND, basis=pack.basis(WITHIN_ROUND))
    if len({member.casefold() for member in visit.team.members}) < pack.visit_team_min:
        message = f"A household is visited by at least {pack.visit_team_min} people."
        raise TeamTooSmall(message, pointer="/members", rule=TEAM, basis=pack.basis(TEAM))
    errors = [*_income(visit), *_people(visit), *_codes(visit.found, pack)]
    housing = visit.found.checks.housing
    if housing is not None and housing.built_year > visit.visited_on.year:
        message = "The house was not built after the visit."
        errors.append(FieldError("/checks/housing/built_year", "year-in-future", message))
    if errors:
        raise VisitInvalid(errors=errors)


def refuse_used_photos(visit: Visit, used: Collection[str], pack: RulePack) -> None:
    """One photo shows one household: `used` are those that stand in visits to others, wherever they live."""
    if any(photo in used for photo in visit.found.photos):
        raise PhotoTwice(pointer="/photos", rule=PHOTO_ONCE, basis=pack.basis(PHOTO_ONCE))


def recorded_fact(visit: Visit) -> facts.VisitRecorded:
    """Return the fact that a visit was recorded."""
    return facts.VisitRecorded(
        household_id=visit.household_id,
        visit_id=visit.id,
        visited_on=visit.visited_on,
        found=visit.figures,
        round_id=visit.round_id,
    )


def correct(before: Visit, found: Found, team: Team, pack: RulePack) -> Visit:
    """Return the visit with other figures, as another version of it."""
    if not before.is_valid:
        raise VisitAnnulledAlready
    if (found, team) == (before.found, before.team):
        raise NothingChanged
    return replace(
        before,
        found=found,
        team=team,
        version=before.version + 1,
        checks_complete=not missing_checks(found.checks, pack),
    )


def corrected_fact(before: Visit, after: Visit, *, on: date) -> facts.VisitCorrected:
    """Return the fact that a visit's figures were corrected."""
    return facts.VisitCorrected(
        household_id=after.household_id,
        visit_id=after.id,
        corrected_on=on,
        before=before.figures,
        after=after.figures,
    )


def annul(before: Visit) -> Visit:
    """Return the visit as one that counts for nothing."""
    if not before.is_valid:
        raise VisitAnnulledAlready
    return replace(before, is_valid=False, version=before.version + 1)


def annulled_fact(visit: Visit, reason: str, *, on: date) -> facts.VisitAnnulled:
    """Return the fact that a visit was found not to have taken place as told."""
    return facts.VisitAnnulled(
        household_id=visit.household_id,
        visit_id=visit.id,
        visited_on=visit.visited_on,
        annulled_on=on,
        reason=reason,
    )


def _income(visit: Visit) -> Iterator[FieldError]:
    """The declared net income is the four sources minus the costs, to the fen (capabilities P1.3)."""
    check = visit.found.checks.income
    if check is not None and check.declared_net_fen != check.income.net_fen:
        message = "The net income is not the four sources minus the costs."
        yield FieldError("/checks/income/net_income", INCOME_TOTAL, message)


def _people(visit: Visit) -> Iterator[FieldError]:
    check = visit.found.checks.family
    for name in () if check is None else ("labour", "dependants", "students", "dropouts"):
        if getattr(check, name) > visit.persons:
            message = f"The household had {visit.persons} persons on the day."
            yield FieldError(f"/checks/family/{name}", "more-than-persons", message)


def _codes(found: Found, pack: RulePack) -> Iterator[FieldError]:
    lists = {
        "assurances_met": (found.assurances_met, pack.exit.assurances),
        "guarantees_met": (found.guarantees_met, pack.exit.guarantees),
    }
    for name, (stated, known) in lists.items():
        for index, code in enumerate(stated):
            if code not in known:
                message = f"The rule pack knows {', '.join(known)}."
                yield FieldError(f"/{name}/{index}", "code-unknown", message)
    if len(set(found.photos)) < len(found.photos):
        yield FieldError("/photos", "photo-duplicate", "A photo stands in the visit twice.")
