"""What subsidy and finance say of a household: claims, and money that arrived."""

from typing import Any, Final
from uuid import UUID

from contracts.events import finance, subsidy
from contracts.values import ACCEPTED
from services.supervision.domain.dossier import Claim, Dated, Dossier, Payment
from services.supervision.domain.fold.folded import Folded
from services.supervision.domain.heard import Heard
from services.supervision.domain.rule import (
    APPROVED,
    DEADLINE,
    ELIGIBILITY,
    FLOOR,
    SEQUENCE,
    SUBMITTED,
    THREE_WAY,
)

REJECTED: Final = "rejected"
CLAIM_STEP: Final = frozenset({DEADLINE})
CLAIM_WORTH: Final = frozenset({DEADLINE, THREE_WAY})
MONEY_RULES: Final = frozenset({DEADLINE, ELIGIBILITY, THREE_WAY, SEQUENCE, FLOOR})


def _claim(dossier: Dossier, claim_id: UUID) -> Claim:
    claim = dossier.claims.get(claim_id)
    if claim is None:
        claim = dossier.claims[claim_id] = Claim()
    return claim


def _submitted(dossier: Dossier, fact: subsidy.ClaimSubmitted, heard: Heard) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.steps[SUBMITTED] = Dated(fact.submitted_on, heard.event_id)
    claim.photos = tuple(sorted({photo.photo_sha256 for photo in fact.evidence}))


def _accepted(dossier: Dossier, fact: subsidy.ClaimAccepted, heard: Heard) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.steps[ACCEPTED] = Dated(fact.accepted_on, heard.event_id)
    claim.amount_fen, claim.amount_event = fact.amount_fen, heard.event_id


def _approved(dossier: Dossier, fact: subsidy.ClaimApproved, heard: Heard) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.steps[APPROVED] = Dated(fact.approved_on, heard.event_id)
    claim.amount_fen, claim.amount_event = fact.amount_fen, heard.event_id


def _rejected(dossier: Dossier, fact: subsidy.ClaimRejected, heard: Heard) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.steps[REJECTED] = Dated(fact.rejected_on, heard.event_id)
    claim.amount_fen, claim.amount_event = 0, heard.event_id


def _corrected(dossier: Dossier, fact: subsidy.ClaimCorrected, heard: Heard) -> None:
    claim = _claim(dossier, fact.claim_id)
    claim.amount_fen, claim.amount_event = fact.after.amount_fen, heard.event_id


def _settled(dossier: Dossier, fact: finance.PaymentSettled, heard: Heard) -> None:
    dossier.payments[fact.payment_id] = Payment(
        source_kind=fact.source_kind,
        source_id=fact.source_id,
        programme_code=fact.programme_code,
        period=fact.period,
        amount_fen=fact.amount_fen,
        bank_amount_fen=fact.bank_amount_fen,
        paid_on=fact.paid_on,
        event_id=heard.event_id,
    )


FOLDS: Final[dict[Any, Folded]] = {
    subsidy.ClaimSubmitted: Folded(_submitted, CLAIM_STEP),
    subsidy.ClaimAccepted: Folded(_accepted, CLAIM_WORTH),
    subsidy.ClaimApproved: Folded(_approved, CLAIM_WORTH),
    subsidy.ClaimRejected: Folded(_rejected, CLAIM_WORTH),
    subsidy.ClaimCorrected: Folded(_corrected, frozenset({THREE_WAY})),
    finance.PaymentSettled: Folded(_settled, MONEY_RULES),
}
