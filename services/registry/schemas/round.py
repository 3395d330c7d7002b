"""Rounds and their entries on the wire: what is asked and what is answered."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.values import PROPOSALS, ROUND_KINDS
from services.registry import fields
from services.registry.schemas.request import Reference, Request

Scope = Annotated[
    str,
    Field(
        pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$",
        description="Division code of a county, township or village, or its beginning.",
    ),
]
Kind = Annotated[str, Field(pattern=f"^({'|'.join(ROUND_KINDS)})$")]
Proposed = Annotated[str, Field(pattern=f"^({'|'.join(PROPOSALS)})$")]


class RoundRequest(Request):
    """A round to open."""

    scope: Scope
    kind: Kind
    include_candidates: bool = Field(
        default=False, description="Enter the candidates of the area, too, with the proposal to add them."
    )
    candidate_reason: fields.ReasonCode | None = Field(
        default=None, description="Why the candidates are to be added, by the rule pack's list."
    )


class NewEntry(Request):
    """A household that the round is to bring onto the register, or back to it."""

    household_id: UUID
    reason: fields.ReasonCode
    reference_id: Reference = None


class NewEntries(Request):
    """Up to 1,000 households to add."""

    items: Annotated[list[NewEntry], Field(min_length=1, max_length=fields.MAX_ITEMS)]
    atomic: bool = Field(default=False, description="With true, one refusal refuses all.")


class ProposalItem(Request):
    """Another proposal for a household."""

    household_id: UUID
    proposal: Proposed
    reason: fields.ReasonCode | None = Field(default=None, description="Needed unless it is to be kept.")
    reference_id: Reference = None


class BulkProposals(Request):
    """Up to 1,000 proposals to change."""

    items: Annotated[list[ProposalItem], Field(min_length=1, max_length=fields.MAX_ITEMS)]
    atomic: bool = Field(default=False, description="With true, one refusal refuses all.")


class RoundSummary(BaseModel):
    """One round, without its households."""

    id: UUID
    scope: str
    kind: str
    number: int
    state: Literal["open", "closed"]
    rule_pack: str
    rule_pack_version: int
    opened_on: date
    opened_by: str
    opened_at: datetime
    opening_households: int
    opening_persons: int
    closed_on: date | None
    signed_off_by: str | None
    closed_at: datetime | None


class VillageEntries(BaseModel):
    """How far the procedure has come in one village."""

    village_code: str
    entries: int
    by_step: dict[str, int]
    by_outcome: dict[str, int]
    by_proposal: dict[str, int]


class ClosingRequest(Request):
    """The sign-off of a round; its numbers are counted, never stated.

    Additions that are not decided stand in the way, unless they are to end with the round: their households stay
    candidates.
    """

    end_additions: bool = False


class RestatementRequest(Request):
    """Why a closed round's numbers are stated anew."""

    reason: fields.ReasonCode


class Counts(BaseModel):
    """Households and persons: opening + added - removed = closing, persons with what changed between."""

    opening_households: int
    opening_persons: int
    added_households: int
    added_persons: int
    removed_households: int
    removed_persons: int
    changed_persons: int
    closing_households: int
    closing_persons: int


class Numbers(BaseModel):
    """What a round comes to; `came` and `left` count by cause who passed otherwise than by the round's decisions."""

    as_of: date
    closes: bool
    counts: Counts
    kept_households: int
    corrected_households: int
    came: dict[str, int]
    left: dict[str, int]


class Statement(Numbers):
    """Numbers of a closed round as somebody answered for them."""

    number: int
    stated_on: date
    stated_by: str
    stated_at: datetime
    reason: str | None


class Round(RoundSummary):
    """A round, and how far the procedure has come in the caller's part of its area.

    `waiting_for` counts the open entries by the step that comes next for them. Of a closed round, `as_closed` and
    `restated` are what was signed off, `as_known_now` is counted anew for who may see its whole area.
    """

    entries: int
    by_step: dict[str, int]
    by_outcome: dict[str, int]
    by_proposal: dict[str, int]
    waiting_for: dict[str, int]
    villages: list[VillageEntries]
    as_closed: Statement | None
    restated: Statement | None
    as_known_now: Numbers | None


class Entry(BaseModel):
    """One household in a round: what is proposed, and how far the procedure has come.

    `missing_checks` names what its last visit left out; a cause that the visit found to be another suggests a correction.
    """

    household_id: UUID
    file_number: str
    village_code: str
    status: str
    proposal: str
    reason: str | None
    step: str
    step_on: date
    next_step: str | None
    outcome: str
    opening_persons: int | None
    persons: int
    visit_id: UUID | None
    missing_checks: list[str]
    cause: str
    cause_at_visit: str | None
    suggested_proposal: str | None
