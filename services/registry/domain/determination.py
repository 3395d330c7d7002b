"""The four determinations (四定): village, representatives, township, county; in this order, each by another body and person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from chassis.errors import FieldError, Forbidden, Refusal
from contracts.events import procedure as facts
from contracts.values import (
    ADD,
    COUNTY_CONFIRMATION,
    REPRESENTATIVES,
    TOWNSHIP_REVIEW,
    VILLAGE_INITIAL,
)
from services.registry.domain.division import COUNTY, DIGITS, TOWNSHIP, VILLAGE
from services.registry.domain.errors.determination import (
    AreaUnfit,
    DeterminationRefused,
    DeterminationTooEarly,
    NotEvaluated,
    NothingToDetermine,
    RuledOut,
    SamePersonDetermines,
)
from services.registry.domain.errors.evaluation import HouseholdTwice
from services.registry.domain.errors.procedure import StepOutOfOrder
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.errors.round import HouseholdOutsideRound
from services.registry.domain.evaluation import MAX_ERRORS, check_turn_down, refuse_items
from services.registry.domain.procedure import (
    OPEN,
    RULE_OF_STEP,
    TURNED_DOWN,
    Entry,
    decline,
    is_behind,
    pass_step,
    step_before,
)
from services.registry.domain.rule_pack import RulePack

THREE_EVALUATIONS: Final = "three-evaluations-in-order"
ANOTHER_PERSON: Final = "another-person-determines"
NOT_RULED_OUT: Final = "not-ruled-out"
# The levels of area that a determination may be made for at once.
LEVELS: Final = {
    VILLAGE_INITIAL: (VILLAGE,),
    REPRESENTATIVES: (VILLAGE,),
    TOWNSHIP_REVIEW: (TOWNSHIP, VILLAGE),
    COUNTY_CONFIRMATION: (COUNTY, TOWNSHIP),
}

# What a determination did to an entry. One that was to be kept or corrected is sent back to the village: it stays.
CONFIRMED: Final = "confirmed"
SENT_BACK: Final = "sent-back"
DETERMINATION_OUTCOMES: Final = (CONFIRMED, TURNED_DOWN, SENT_BACK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """One of the four determinations, made for an area of a round."""

    id: UUID
    round_id: UUID
    kind: str
    area: str
    determined_on: date
    actor_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Objected:
    """A household that the determining body does not agree to, with its reason."""

    household_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Determined:
    """What a determination did to one entry."""

    outcome: str
    reason: str | None
    before: Entry
    after: Entry


def check_determination(made: Determination, pack: RulePack, *, roles: Collection[str], today: date) -> None:
    """Refuse a determination by another body than the pack names, for another level of area, or of a day to come."""
    rule = RULE_OF_STEP[made.kind]
    if pack.determination(made.kind).role not in roles:
        raise Forbidden("Another body makes this determination.", rule=rule, basis=pack.basis(rule))
    if len(made.area) not in {DIGITS[level] for level in LEVELS[made.kind]}:
        message = f"This determination is made for a {' or a '.join(LEVELS[made.kind])}."
        raise AreaUnfit(message, pointer="/area", rule=rule, basis=pack.basis(rule))
    if made.determined_on > today:
        raise DateInFuture(pointer="/determined_on")


def determine(
    made: Determination, entries: Sequence[Entry], objected: Sequence[Objected], pack: RulePack
) -> list[Determined]:
    """Return what a determination does to every entry of its area that stands at the step before it."""
    standing = [entry for entry in entries if entry.outcome == OPEN and entry.step == step_before(made.kind)]
    _refuse_too_early(made, entries, pack)
    if not standing:
        rule = RULE_OF_STEP[made.kind]
        raise NothingToDetermine(rule=rule, basis=pack.basis(rule))
    reasons = _reasons(made, {entry.household_id: entry for entry in entries}, objected, pack)
    return [_determined(entry, reasons.get(entry.household_id), made, pack) for entry in standing]


def refuse_same_person(kind: str, earlier: Mapping[str, str], pack: RulePack) -> None:
    """Nobody makes two of the four determinations over the same village in a round (三评四定: each by another body).

    `earlier` holds, by village, which determination the person made there before.
    """
    if any(before != kind for before in earlier.values()):
        raise SamePersonDetermines(rule=ANOTHER_PERSON, basis=pack.basis(ANOTHER_PERSON))


def to_be_evaluated(made: Determination, determined: Sequence[Determined]) -> list[UUID]:
    """Return the households that go on from their three evaluations with a determination."""
    return [each.before.household_id for each in determined] if made.kind == VILLAGE_INITIAL else []


def refuse_annulled(annulled: Collection[UUID], pack: RulePack) -> None:
    """Nobody is determined about whose evaluation was void, though a later meeting had followed it (三评四定)."""
    if annulled:
        errors = [
            FieldError(
                f"/households/{one}", NotEvaluated.code, f"Household {one} rests on an annulled meeting."
            )
            for one in sorted(annulled)[:MAX_ERRORS]
        ]
        message = f"{len(annulled)} households rest on an annulled meeting: let them be proposed and evaluated anew."
        raise NotEvaluated(
            message, errors=errors, rule=THREE_EVALUATIONS, basis=pack.basis(THREE_EVALUATIONS)
        )


def to_be_added(determined: Sequence[Determined]) -> list[UUID]:
    """Return the households that the county is about to confirm as new on the register."""
    return [
        each.after.household_id
        for each in determined
        if each.outcome == CONFIRMED and each.after.proposal == ADD and each.after.step == COUNTY_CONFIRMATION
    ]


def refuse_ruled_out(ruled_out: Collection[UUID], pack: RulePack) -> None:
    """Who is found on a list that rules out is turned down, or the match explained first (一比对)."""
    if ruled_out:
        errors = [
            FieldError(f"/households/{one}", "ruled-out", f"Household {one} stands on a list that rules out.")
            for one in sorted(ruled_out)[:MAX_ERRORS]
        ]
        raise RuledOut(errors=errors, rule=NOT_RULED_OUT, basis=pack.basis(NOT_RULED_OUT))


def made_fact(made: Determination, determined: Sequence[Determined]) -> facts.DeterminationMade:
    """Return the fact that a determination was made."""
    return facts.DeterminationMade(
        evaluation_id=made.id,
        round_id=made.round_id,
        determination=made.kind,
        area_code=made.area,
        determined_on=made.determined_on,
        confirmed=sum(each.outcome == CONFIRMED for each in determined),
        turned_down=[each.before.household_id for each in determined if each.outcome == TURNED_DOWN],
    )


def _refuse_too_early(made: Determination, entries: Sequence[Entry], pack: RulePack) -> None:
    before, rule = step_before(made.kind), RULE_OF_STEP[made.kind]
    behind = [entry for entry in entries if entry.outcome == OPEN and not is_behind(entry, before)]
    if behind:
        errors = [
            FieldError(
                f"/households/{entry.household_id}",
                StepOutOfOrder.code,
                f"Household {entry.household_id} stands at {entry.step}; {made.kind} follows {before}.",
            )
            for entry in behind[:MAX_ERRORS]
        ]
        message = f"{len(behind)} households have not reached {before}; errors names them."
        raise DeterminationTooEarly(message, errors=errors, rule=rule, basis=pack.basis(rule))


def _reasons(
    made: Determination, entries: Mapping[UUID, Entry], objected: Sequence[Objected], pack: RulePack
) -> dict[UUID, str]:
    reasons: dict[UUID, str] = {}
    refused: list[tuple[int, Refusal]] = []
    for index, each in enumerate(objected):
        try:
            check_turn_down(each.reason, pack, is_needed=True, is_allowed=True)
            if each.household_id in reasons:
                raise HouseholdTwice
            if each.household_id not in entries:
                raise HouseholdOutsideRound
            pass_step(entries[each.household_id], made.kind, pack, on=made.determined_on)
        except Refusal as refusal:
            refused.append((index, refusal))
        reasons[each.household_id] = each.reason
    if refused:
        raise refuse_items(DeterminationRefused, "/turned_down", refused)
    return reasons


def _determined(entry: Entry, reason: str | None, made: Determination, pack: RulePack) -> Determined:
    if reason is None:
        passed = pass_step(entry, made.kind, pack, on=made.determined_on)
        return Determined(outcome=CONFIRMED, reason=None, before=entry, after=passed)
    declined = decline(entry, reason, on=made.determined_on)
    outcome = SENT_BACK if declined == entry else TURNED_DOWN
    return Determined(outcome=outcome, reason=reason, before=entry, after=declined)
