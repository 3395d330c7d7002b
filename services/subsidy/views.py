"""What is read: queries straight to answers, each scoped to an area inside the caller's."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from chassis.errors import Refusal
from chassis.money import Amount
from chassis.pagination import Page, decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from services.subsidy.domain.claim import Claim
from services.subsidy.domain.errors import ClaimUnknown
from services.subsidy.domain.programme import Programme
from services.subsidy.schemas import answer
from services.subsidy.store.claim import COLUMNS
from services.subsidy.store.claim import claim_of as claim_from
from services.subsidy.store.household import STATUS_ON
from services.subsidy.store.programme import COLUMNS as PROGRAMME_COLUMNS
from services.subsidy.store.programme import EDITIONS
from services.subsidy.store.programme import programme_of as programme_from

PROGRAMMES = f"""
SELECT {PROGRAMME_COLUMNS} FROM {EDITIONS}
WHERE ($1::text IS NULL OR code = $1)
  AND ($2::date IS NULL OR (effective_from <= $2 AND (effective_to IS NULL OR effective_to >= $2)))
  AND ($3::uuid IS NULL OR id > $3)
ORDER BY id LIMIT $4
"""  # noqa: S608
CLAIMS = f"""
SELECT {COLUMNS}, p.payment_id, p.problem, p.problem_on FROM claim AS c
LEFT JOIN LATERAL (
    SELECT payment_id, reason AS problem, rejected_on AS problem_on FROM payment_problem
    WHERE claim_id = c.id AND c.status <> 'paid' ORDER BY rejected_on DESC, attempt DESC LIMIT 1
) AS p ON true
WHERE {{which}} AND starts_with(c.area_code, $1) ORDER BY c.id LIMIT $2
"""  # noqa: S608
CLAIM_LIST = CLAIMS.format(
    which="""($3::uuid IS NULL OR c.id > $3) AND ($4::uuid IS NULL OR c.household_id = $4)
AND ($5::text IS NULL OR c.status = $5) AND ($6::text IS NULL OR c.programme_code = $6)"""
)
ONE_CLAIM = CLAIMS.format(which="c.id = $3")
EVIDENCE = """
SELECT photo_sha256, taken_at, latitude, longitude, ARRAY(
    SELECT DISTINCT o.claim_id FROM evidence AS o
    WHERE o.photo_sha256 = e.photo_sha256 AND o.claim_id <> e.claim_id ORDER BY o.claim_id LIMIT 10
) AS also_in
FROM evidence AS e WHERE claim_id = $1 ORDER BY position
"""
HISTORY = """
SELECT version, status, accepted_quantity, amount_fen, reason, actor_id, happened_on, recorded_at
FROM claim_version WHERE claim_id = $1 ORDER BY version
"""
DISBURSEMENTS = f"""
SELECT d.payment_id, d.claim_id, d.household_id, d.area_code, d.programme_code, d.period, d.amount_fen, d.paid_on,
       d.status_on_payment_date, d.registered_on_payment_date, {STATUS_ON.format(day="$5")} AS status_now
FROM disbursement AS d JOIN household_copy AS h ON h.household_id = d.household_id
WHERE starts_with(d.area_code, $1) AND ($3::uuid IS NULL OR d.payment_id > $3)
  AND ($4::uuid IS NULL OR d.household_id = $4)
ORDER BY d.payment_id LIMIT $2
"""  # noqa: S608


def programme_of(programme: Programme) -> answer.Programme:
    """Return a programme as it is answered."""
    return answer.Programme(
        id=programme.id,
        code=programme.code,
        kind=programme.kind,
        unit=programme.unit,
        rate=Amount.of(programme.rate_fen),
        cap=amount_of(programme.cap_fen),
        floor=amount_of(programme.floor_fen),
        effective_from=programme.effective_from,
        effective_to=programme.effective_to,
        basis_document=programme.basis_document,
    )


def claim_of(claim: Claim, problem: answer.PaymentProblem | None = None) -> answer.Claim:
    """Return a claim as it is answered."""
    fields = asdict(claim)
    return answer.Claim(amount=amount_of(fields.pop("amount_fen")), payment_problem=problem, **fields)


def amount_of(fen: int | None) -> Amount | None:
    """Return an amount, or none."""
    return None if fen is None else Amount.of(fen)


def result_of(index: int, reference_id: str | None, outcome: Claim | Refusal) -> answer.ItemResult:
    """Return what became of one item of a bulk request."""
    if isinstance(outcome, Refusal):
        return answer.ItemResult(
            index=index,
            reference_id=reference_id,
            outcome="refused",
            code=outcome.code,
            message=outcome.message,
            pointer=f"/items/{index}{outcome.pointer or ''}",
        )
    return answer.ItemResult(
        index=index, reference_id=reference_id, outcome="done", claim_id=outcome.id, version=outcome.version
    )


async def list_programmes(
    unit: UnitOfWork, *, code: str | None, on: date | None, cursor: str | None, limit: int
) -> Page[answer.Programme]:
    """Return programme editions in the order they were published."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(PROGRAMMES, code, on, last, limit + 1)
    return page_of(rows, limit, lambda row: programme_of(programme_from(row)), lambda row: (row["id"],))


async def list_claims(
    unit: UnitOfWork,
    *,
    household: UUID | None,
    status: str | None,
    programme: str | None,
    cursor: str | None,
    limit: int,
) -> Page[answer.Claim]:
    """Return claims by id, which is their order of filing."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(
        CLAIM_LIST, unit.principal.area, limit + 1, last, household, status, programme
    )
    return page_of(rows, limit, _claim_row, lambda row: (row["id"],))


async def show_claim(unit: UnitOfWork, claim_id: UUID) -> answer.ClaimInFull:
    """Return one claim with its photos and its history."""
    row = await unit.driver.fetchrow(ONE_CLAIM, unit.principal.area, 1, claim_id)
    if row is None:
        raise ClaimUnknown
    photos = await unit.driver.fetch(EVIDENCE, claim_id)
    versions = await unit.driver.fetch(HISTORY, claim_id)
    return answer.ClaimInFull(
        **_claim_row(row).model_dump(),
        evidence=[answer.StoredPhoto(**dict(photo)) for photo in photos],
        history=[_version_row(version) for version in versions],
    )


async def list_disbursements(
    unit: UnitOfWork, *, household: UUID | None, cursor: str | None, limit: int
) -> Page[answer.Disbursement]:
    """Return payments that reached households, with their standing then and now."""
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(DISBURSEMENTS, unit.principal.area, limit + 1, last, household, unit.today)
    return page_of(rows, limit, _disbursement_row, lambda row: (row["payment_id"],))


def _claim_row(row: Any) -> answer.Claim:
    problem = None
    if row["payment_id"] is not None:
        problem = answer.PaymentProblem(
            payment_id=row["payment_id"], reason=row["problem"], rejected_on=row["problem_on"]
        )
    return claim_of(claim_from(row), problem)


def _version_row(row: Any) -> answer.ClaimVersion:
    fields = dict(row)
    return answer.ClaimVersion(amount=amount_of(fields.pop("amount_fen")), **fields)


def _disbursement_row(row: Any) -> answer.Disbursement:
    fields = dict(row)
    return answer.Disbursement(amount=Amount.of(fields.pop("amount_fen")), **fields)
