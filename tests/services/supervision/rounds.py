"""Facts of the registry's procedure: rounds, meetings, notices, visits, and finds on other offices' lists."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from chassis.events import Fact
from chassis.ids import new_id
from contracts.events import notice, procedure, registry, visit
from contracts.values import EVALUATIONS, EXPLAINED, FIRST_NOTICE, LOOK_BACK, PAYROLL, PROCEDURE
from tests.services.supervision.builders import VILLAGE, Family, day

COUNTY = "532930"
OTHER_TOWNSHIP = "532930102"
ELSEWHERE = "532930103201"
LINE_FEN = 285_500
HELD_ON = day(2, 10)
POSTED_ON = day(3, 1)
CLOSES_ON = day(3, 8)
REGISTERED_ON = day(3, 20)
CLOSED_ON = day(3, 31)
RESTATED_ON = day(4, 30)
ANNULLED_ON = day(7, 1)
COUNTS = procedure.RoundCounts(
    opening_households=10,
    opening_persons=40,
    added_households=2,
    added_persons=8,
    removed_households=3,
    removed_persons=11,
    changed_persons=1,
    closing_households=9,
    closing_persons=38,
)
MET = registry.ExitAssessment(
    visit_id=new_id(),
    rule_pack="national-2014",
    per_capita_income_fen=LINE_FEN + 1,
    line_fen=LINE_FEN,
    assurances_met=True,
    guarantees_met=True,
    signed=True,
)


def counts(**changes: int) -> procedure.RoundCounts:
    """Return counts that close, but for what is changed."""
    return replace(COUNTS, **changes)


@dataclass(slots=True, kw_only=True)
class Round:
    """A round with its three meetings; each method is a fact about it."""

    id: UUID = field(default_factory=new_id)
    area: str = COUNTY
    meetings: dict[str, UUID] = field(default_factory=lambda: {each: new_id() for each in EVALUATIONS})

    def closed(self, on: date = CLOSED_ON, **changes: int) -> Fact:
        return procedure.RoundClosed(
            round_id=self.id,
            area_code=self.area,
            number=1,
            kind=LOOK_BACK,
            closed_on=on,
            counts=counts(**changes),
            kept_households=6,
            corrected_households=1,
        )

    def restated(self, on: date = RESTATED_ON, **changes: int) -> Fact:
        return procedure.RoundRestated(
            round_id=self.id,
            area_code=self.area,
            restated_on=on,
            before=COUNTS,
            after=counts(**changes),
            reason="known-later",
        )

    def held(self, evaluation: str, *passed: Family, on: date = HELD_ON, village: str = VILLAGE) -> Fact:
        return procedure.EvaluationHeld(
            evaluation_id=self.meetings[evaluation],
            round_id=self.id,
            evaluation=evaluation,
            village_code=village,
            held_on=on,
            eligible=40,
            present=30,
            passed=[family.id for family in passed],
            turned_down=[],
        )

    def held_all(self, *passed: Family) -> list[Fact]:
        """Return the three evaluations, held in order."""
        return [self.held(evaluation, *passed) for evaluation in EVALUATIONS]

    def annulled(self, evaluation: str, *households: Family, on: date = ANNULLED_ON) -> Fact:
        return procedure.EvaluationAnnulled(
            evaluation_id=self.meetings[evaluation],
            round_id=self.id,
            evaluation=evaluation,
            village_code=VILLAGE,
            annulled_on=on,
            reason="no-quorum",
            households=[family.id for family in households],
        )

    def registered(self, family: Family, on: date = REGISTERED_ON) -> Fact:
        """Return the registration of a household by this round."""
        return family.registered(on, basis=PROCEDURE, round_id=self.id)


@dataclass(slots=True, kw_only=True)
class Notice:
    """A public notice of seven days; each method is a fact about it."""

    id: UUID = field(default_factory=new_id)
    posted_on: date = POSTED_ON
    # Later than seven days from the posting where it was recorded late.
    closes_on: date = CLOSES_ON

    def posted(self) -> Fact:
        return notice.NoticePosted(
            notice_id=self.id,
            area_code=VILLAGE,
            kind=FIRST_NOTICE,
            posted_on=self.posted_on,
            min_days=7,
            closes_on=self.closes_on,
            households=5,
            list_sha256="0" * 64,
        )

    def closed(self, on: date) -> Fact:
        return notice.NoticeClosed(
            notice_id=self.id,
            area_code=VILLAGE,
            kind=FIRST_NOTICE,
            posted_on=self.posted_on,
            min_days=7,
            closed_on=on,
            closes_on=self.closes_on,
        )

    def reopened(self, on: date) -> Fact:
        return notice.NoticeReopened(notice_id=self.id, area_code=VILLAGE, reopened_on=on)

    def cut_short(self, on: date) -> Fact:
        return notice.NoticeCutShort(
            notice_id=self.id,
            area_code=VILLAGE,
            posted_on=self.posted_on,
            taken_down_on=on,
            min_days=7,
            reason="storm",
            closes_on=self.closes_on,
        )

    def voided(self, on: date) -> Fact:
        return notice.NoticeVoided(notice_id=self.id, area_code=VILLAGE, voided_on=on, reason="list-changed")


def found(income_fen: int = LINE_FEN + 1, *, is_complete: bool = True) -> visit.VisitFigures:
    """Return what a visit found."""
    return visit.VisitFigures(per_capita_income_fen=income_fen, checks_complete=is_complete, persons=4)


def visited(family: Family, on: date, visit_id: UUID | None = None) -> Fact:
    """A team looked at a household."""
    return visit.VisitRecorded(
        household_id=family.id, visit_id=visit_id or new_id(), visited_on=on, found=found()
    )


def corrected(family: Family, visit_id: UUID, after: visit.VisitFigures) -> Fact:
    """A visit's figures were corrected."""
    return visit.VisitCorrected(
        household_id=family.id, visit_id=visit_id, corrected_on=day(5, 2), before=found(), after=after
    )


def annulled(family: Family, visit_id: UUID, visited_on: date) -> Fact:
    """A visit turned out not to have taken place."""
    return visit.VisitAnnulled(
        household_id=family.id,
        visit_id=visit_id,
        visited_on=visited_on,
        annulled_on=day(5, 3),
        reason="invented",
    )


def matched(family: Family, match_id: UUID, *, rules_out: bool = True) -> Fact:
    """Somebody of a household stands on the payroll."""
    return visit.CrossCheckMatched(
        household_id=family.id,
        match_id=match_id,
        list_id=new_id(),
        list_kind=PAYROLL,
        rules_out=rules_out,
        matched_on=day(5, 1),
    )


def resolved(family: Family, match_id: UUID, outcome: str = EXPLAINED) -> Fact:
    """A match was explained, unless told otherwise."""
    return visit.CrossCheckResolved(
        household_id=family.id, match_id=match_id, outcome=outcome, resolved_on=day(5, 5)
    )


def assessment(visit_id: UUID, **changes: Any) -> registry.ExitAssessment:
    """Return an assessment that meets every criterion, but for what is changed."""
    return replace(MET, visit_id=visit_id, **changes)


def settled_procedure() -> Iterable[object]:
    """Yield a history in which every cause that the procedure's rules may find is gone again."""
    evaluated, left, listed, late, kept = (Family(village=ELSEWHERE) for _ in range(5))
    round_, later, voided = Round(area=ELSEWHERE), Round(area=ELSEWHERE), Notice()
    visit_id, match_id = new_id(), new_id()
    yield from (*round_.held_all(evaluated, kept), round_.registered(evaluated), round_.registered(kept))
    yield round_.annulled(EVALUATIONS[1], evaluated, kept)
    round_.meetings[EVALUATIONS[1]] = new_id()
    yield round_.held(EVALUATIONS[1], kept)
    yield from (*later.held_all(evaluated), evaluated.verified(day(7, 5), round_id=later.id))
    yield from (left.registered(), visited(left, day(2, 1), visit_id))
    yield left.exited(day(3, 1), assessment=assessment(visit_id, signed=False))
    yield from (annulled(left, visit_id, day(2, 1)), left.returned(day(5, 20)), visited(left, day(5, 21)))
    yield from (listed.registered(), matched(listed, match_id), resolved(listed, match_id), late.registered())
    yield from (round_.closed(), late.moved(ELSEWHERE, day(3, 30), persons=5), late.closed(day(3, 31)))
    yield round_.restated(closing_households=8, closing_persons=34, removed_households=4, removed_persons=15)
    yield from (voided.posted(), voided.cut_short(day(3, 2)), voided.voided(day(3, 3)))


def planted_procedure() -> Iterable[object]:
    """Yield a history with one case of each rule about the procedure, and one household in order."""
    fine, passed_over, exiting, stale, listed, late = (Family() for _ in range(6))
    round_, uneven, short = Round(), Round(area=OTHER_TOWNSHIP), Notice()
    visit_id = new_id()
    yield from round_.held_all(fine, exiting)
    yield round_.held(EVALUATIONS[0], passed_over)
    yield from (round_.registered(each) for each in (fine, passed_over, exiting))
    yield visited(exiting, day(2, 1), visit_id)
    yield from (stale.registered(day(1, 1, 2015)), visited(stale, day(6, 1, 2015)))
    yield from (listed.registered(), matched(listed, new_id()), late.registered())
    yield from (short.posted(), short.closed(day(3, 7)))
    yield from (uneven.closed(closing_persons=39), round_.closed())
    yield from (
        late.moved(VILLAGE, day(3, 30), persons=5),
        exiting.exited(day(4, 2), assessment=assessment(visit_id)),
    )
    yield corrected(exiting, visit_id, found(LINE_FEN))
