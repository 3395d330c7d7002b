"""Payment batches: one for each programme and wave of claims, one for each group of completed houses."""

from collections.abc import Iterable

from cli.sample import schedule
from cli.sample.county import County, Programme
from cli.sample.plan import SampleAllocation, SampleBatch, SampleClaim, SampleHouse
from cli.sample.schedule import BatchDates, wave_dates
from cli.sample.sums import UnreachableFigure

# Money is set aside in round sums, as a county would.
ALLOCATION_UNIT_FEN = 10_000_000


def build_batches(
    county: County, claims: Iterable[SampleClaim], houses: Iterable[SampleHouse]
) -> tuple[SampleBatch, ...]:
    """Return the batches in order of settlement; an empty group makes none."""
    paid = [claim for claim in claims if claim.paid_on is not None]
    subsidised = [house for house in houses if house.subsidy_fen]
    batches = []
    for wave in range(county.claim_waves):
        for programme in county.industry:
            sums = {
                claim.key: claim.amount_fen
                for claim in paid
                if claim.wave == wave and claim.programme == programme.code
            }
            batches.append(_batch(programme, wave + 1, wave_dates(wave).batch, sums))
    groups = (
        (schedule.AUTUMN_HOUSES, schedule.AUTUMN_SUBSIDY),
        (schedule.WINTER_HOUSES, schedule.WINTER_SUBSIDY),
    )
    for number, (stage, dates) in enumerate(groups, start=1):
        sums = {
            house.file_number: house.subsidy_fen
            for house in subsidised
            if house.completed_on == stage.completed_on
        }
        batches.append(_batch(county.housing, number, dates, sums))
    return tuple(batch for batch in batches if batch.refs)


def _batch(programme: Programme, number: int, dates: BatchDates, sums: dict[str, int]) -> SampleBatch:
    return SampleBatch(
        key=f"{programme.code}-{number:02d}",
        programme=programme.code,
        kind=programme.kind,
        frozen_on=dates.frozen_on,
        sent_on=dates.sent_on,
        settled_on=dates.settled_on,
        refs=tuple(sums),
        control_sum_fen=sum(sums.values()),
    )


def build_allocations(
    county: County, claims: Iterable[SampleClaim], houses: Iterable[SampleHouse]
) -> tuple[SampleAllocation, ...]:
    """Return what is set aside for each programme: enough for all that is approved, paid or not."""
    owed = {programme.code: 0 for programme in county.programmes}
    for claim in claims:
        owed[claim.programme] += claim.amount_fen
    for house in houses:
        owed[county.housing.code] += house.subsidy_fen
    allocations = tuple(
        SampleAllocation(
            source=programme.fund_source,
            programme=programme.code,
            amount_fen=-(-owed[programme.code] // ALLOCATION_UNIT_FEN) * ALLOCATION_UNIT_FEN,
        )
        for programme in county.programmes
    )
    for fund in county.figures.funds:
        if sum(one.amount_fen for one in allocations if one.source == fund.source) > fund.amount_fen:
            raise UnreachableFigure("More is set aside from a fund than was received.")
    return allocations
