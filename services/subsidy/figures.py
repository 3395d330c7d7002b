"""Floors and statistics: figures as of a day, each with its population and source."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.money import Amount
from chassis.pagination import decode_cursor, encode_cursor
from chassis.unit_of_work import UnitOfWork
from contracts.values import INDUSTRY, ON_THE_REGISTER
from services.subsidy.domain.errors import AreaOutsideYours, FloorNotSet
from services.subsidy.domain.rules import is_floor_met
from services.subsidy.schemas import answer
from services.subsidy.store.household import STATUS_ON
from services.subsidy.store.programme import EDITIONS

LEVELS = (9, 6, 4, 2)
SOURCE = "subsidy service: its claims and disbursements, and its copy of the register"

# The highest floor of any programme of the kind in force on some day of the year.
FLOOR_OF_YEAR = f"""
SELECT floor_fen, basis_document FROM {EDITIONS}
WHERE kind = $1 AND floor_fen IS NOT NULL
  AND effective_from <= make_date($2, 12, 31) AND (effective_to IS NULL OR effective_to >= make_date($2, 1, 1))
ORDER BY floor_fen DESC, effective_from DESC LIMIT 1
"""  # noqa: S608
SUPPORTED = f"""
SELECT h.household_id, h.area_code, coalesce(d.paid_fen, 0) AS paid_fen FROM household_copy AS h
LEFT JOIN LATERAL (
    SELECT sum(amount_fen)::bigint AS paid_fen FROM disbursement
    WHERE household_id = h.household_id AND period = $3 AND kind = $4 AND paid_on <= $2
) AS d ON true
WHERE starts_with(h.area_code, $1) AND ({STATUS_ON.format(day="$2::date")}) = ANY($5::text[])
"""  # noqa: S608
FLOORS = f"""
{SUPPORTED} AND ($6::uuid IS NULL OR h.household_id > $6)
  AND (NOT $8::bool OR coalesce(d.paid_fen, 0) < $7)
ORDER BY h.household_id LIMIT $9
"""
FLOOR_COUNTS = f"""
SELECT count(*) AS households, count(*) FILTER (WHERE paid_fen >= $6::bigint) AS met FROM ({SUPPORTED}) AS s
"""  # noqa: S608
CLAIM_COUNTS = """
SELECT status, count(*) AS claims FROM (
    SELECT DISTINCT ON (claim_id) status FROM claim_version
    WHERE happened_on <= $2 AND starts_with(area_code, $1) ORDER BY claim_id, version DESC
) AS latest GROUP BY status ORDER BY status
"""
RECIPIENTS = f"""
SELECT count(*) AS households, count(*) FILTER (WHERE was_registered) AS registered,
       count(*) FILTER (WHERE ({STATUS_ON.format(day="$2::date")}) = ANY($3::text[])) AS registered_as_of,
       coalesce(sum(payments), 0)::bigint AS payments, coalesce(sum(paid_fen), 0)::bigint AS paid_fen
FROM (
    SELECT household_id, bool_or(registered_on_payment_date) AS was_registered,
           count(*) AS payments, sum(amount_fen) AS paid_fen
    FROM disbursement WHERE paid_on <= $2 AND starts_with(area_code, $1) GROUP BY household_id
) AS r JOIN household_copy AS h ON h.household_id = r.household_id
"""  # noqa: S608


async def list_floors(
    unit: UnitOfWork, *, year: int, unmet: bool, area: str | None, cursor: str | None, limit: int
) -> answer.FloorPage:
    """Return households on the register with their paid industrial support against the year's floor."""
    prefix = _area(unit, area)
    floor = await unit.driver.fetchrow(FLOOR_OF_YEAR, INDUSTRY, year)
    if floor is None:
        raise FloorNotSet
    as_of = min(unit.today, date(year, 12, 31))
    (last,) = decode_cursor(cursor, UUID) or (None,)
    rows = await unit.driver.fetch(
        FLOORS, *_population(prefix, as_of, year), last, floor["floor_fen"], unmet, limit + 1
    )
    shown = rows[:limit]
    return answer.FloorPage(
        items=[_floor_row(row, year, floor["floor_fen"]) for row in shown],
        next=encode_cursor(shown[-1]["household_id"]) if len(rows) > limit else None,
        as_of=as_of,
        floor=Amount.of(floor["floor_fen"]),
        basis_document=floor["basis_document"],
        population=_population_words(prefix, as_of),
        source=SOURCE,
    )


async def statistics(unit: UnitOfWork, *, as_of: date | None, area: str | None) -> answer.Statistics:
    """Return claims, recipients and the floor as of a day."""
    # Nothing is known of days to come.
    prefix, day = _area(unit, area), min(as_of or unit.today, unit.today)
    claims = await unit.driver.fetch(CLAIM_COUNTS, prefix, day)
    recipients = await unit.driver.fetchrow(RECIPIENTS, prefix, day, sorted(ON_THE_REGISTER))
    return answer.Statistics(
        as_of=day,
        area=prefix,
        population=_population_words(prefix, day),
        source=SOURCE,
        claims=answer.ClaimCounts(**{row["status"]: row["claims"] for row in claims}),
        recipients=_recipients(recipients),
        floor=await _floor_counts(unit, prefix, day),
    )


async def _floor_counts(unit: UnitOfWork, prefix: str, day: date) -> answer.FloorCounts:
    floor = await unit.driver.fetchval(FLOOR_OF_YEAR, INDUSTRY, day.year)
    counts = await unit.driver.fetchrow(FLOOR_COUNTS, *_population(prefix, day, day.year), floor)
    households, met = (counts["households"], counts["met"]) if counts else (0, 0)
    return answer.FloorCounts(
        floor=None if floor is None else Amount.of(floor),
        households_on_register=households,
        met=met,
        unmet=0 if floor is None else households - met,
    )


def _area(unit: UnitOfWork, area: str | None) -> str:
    prefix = unit.principal.area if area is None else division_prefix(area)
    if not prefix.startswith(unit.principal.area):
        raise AreaOutsideYours(pointer="query:area")
    return prefix


def division_prefix(code: str) -> str:
    """Return the part of a division code that its subdivisions share: a township's nine digits, a county's six."""
    prefix = code
    for longest in LEVELS:
        if len(prefix) > longest and not prefix[longest:].strip("0"):
            prefix = prefix[:longest]
    return prefix


def _population(prefix: str, day: date, year: int) -> tuple[Any, ...]:
    return prefix, day, str(year), INDUSTRY, sorted(ON_THE_REGISTER)


def _population_words(prefix: str, day: date) -> str:
    return f"households on the register on {day.isoformat()} in area {prefix or 'any'}, and payments up to that day"


def _floor_row(row: Any, year: int, floor_fen: int) -> answer.Floor:
    paid = row["paid_fen"]
    return answer.Floor(
        household_id=row["household_id"],
        area_code=row["area_code"],
        year=year,
        paid=Amount.of(paid),
        floor=Amount.of(floor_fen),
        missing=Amount.of(max(0, floor_fen - paid)),
        met=is_floor_met(paid, floor_fen),
    )


def _recipients(row: Any) -> answer.Recipients:
    households, paid = row["households"], row["paid_fen"]
    return answer.Recipients(
        households=households,
        registered_on_payment_date=row["registered"],
        registered_as_of=row["registered_as_of"],
        other=households - row["registered"],
        payments=row["payments"],
        amount=Amount.of(paid),
        # Half up to the fen, in integers.
        average_per_household=Amount.of((2 * paid + households) // (2 * households)) if households else None,
    )
