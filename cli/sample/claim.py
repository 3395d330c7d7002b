"""Industrial support claims: every household reaches the floor with one paid claim, except where planted."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random

from cli.sample.chosen import Chosen
from cli.sample.county import County, Programme, Rule
from cli.sample.plan import SampleClaim, SampleHousehold
from cli.sample.schedule import wave_dates
from cli.sample.sums import UnreachableFigure
from contracts.values import MU

COUNTY_TIME = timezone(timedelta(hours=8))
PLACE_SPREAD_E5 = 20_000
E5 = 100_000
WORKING_HOURS = range(8, 18)
LARGEST_SURPLUS = 4
# A corrected claim keeps one unit above the floor, so that only the difference shows.
CORRECTED_SURPLUS = 1
PAIR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    household: SampleHousehold
    number: int
    wave: int
    programme: Programme
    paid: bool


def build_claims(
    county: County, households: Iterable[SampleHousehold], chosen: Chosen, *, seed: int, rng: Random
) -> tuple[SampleClaim, ...]:
    """Return all claims, by household and then in order of time."""
    drafts = _drafts(county, list(households), chosen, rng)
    claims = [_claim(county, draft, chosen, seed=seed, rng=rng) for draft in drafts]
    return tuple(_with_reused_photos(claims, chosen))


def _drafts(county: County, households: list[SampleHousehold], chosen: Chosen, rng: Random) -> list[_Draft]:
    last = county.claim_waves - 1
    twice = chosen.households(Rule.CLAIM_UNPAID, Rule.PAID_OFF_REGISTER)
    if twice and last < 1:
        raise UnreachableFigure("A household with two claims needs two waves.")
    unpaid = chosen.households(Rule.CLAIM_UNPAID)
    drafts = []
    for index, household in enumerate(households):
        programmes = rng.sample(county.industry, PAIR)
        if household.file_number in twice:
            drafts.append(_Draft(household=household, number=1, wave=0, programme=programmes[0], paid=True))
            paid = household.file_number not in unpaid
            drafts.append(
                _Draft(household=household, number=2, wave=last, programme=programmes[1], paid=paid)
            )
        else:
            wave = index * county.claim_waves // len(households)
            drafts.append(
                _Draft(household=household, number=1, wave=wave, programme=programmes[0], paid=True)
            )
    return drafts


def _claim(county: County, draft: _Draft, chosen: Chosen, *, seed: int, rng: Random) -> SampleClaim:
    number = draft.household.file_number
    key = f"claim-{number}-{draft.number}"
    dates = wave_dates(draft.wave)
    accepted, corrected = _quantities(county, draft, chosen, rng)
    latitude, longitude = (
        _degrees(centre + rng.randint(-PLACE_SPREAD_E5, PLACE_SPREAD_E5)) for centre in county.centre_e5
    )
    text = f"synthetic photo {county.key} {seed} {key}"
    return SampleClaim(
        key=key,
        file_number=number,
        wave=draft.wave,
        programme=draft.programme.code,
        item=rng.choice(draft.programme.items),
        unit=draft.programme.unit,
        rate_fen=draft.programme.rate_fen,
        declared=accepted + rng.choice((0, 0, 0, 1)),
        accepted=accepted,
        corrected=corrected,
        photo_sha256=hashlib.sha256(text.encode()).hexdigest(),
        latitude=latitude,
        longitude=longitude,
        taken_at=_taken_at(dates.submitted_on, rng),
        submitted_on=dates.submitted_on,
        inspected_on=dates.inspected_on,
        approved_on=dates.approved_on,
        paid_on=dates.batch.settled_on if draft.paid else None,
    )


def _quantities(county: County, draft: _Draft, chosen: Chosen, rng: Random) -> tuple[Decimal, Decimal | None]:
    """Return the accepted quantity and, for a claim to be corrected after payment, the lower one."""
    enough = -(-county.figures.industry_floor_fen // draft.programme.rate_fen)
    number = draft.household.file_number
    if number in chosen.households(Rule.FLOOR_UNMET):
        return Decimal(enough - 1), None
    if number in chosen.households(Rule.AMOUNTS_DIFFER):
        lower = enough + CORRECTED_SURPLUS
        return Decimal(lower + 1), Decimal(lower)
    halves = rng.randint(0, 2 * LARGEST_SURPLUS) if draft.programme.unit == MU else 0
    surplus = Decimal(halves) / 2 if halves else Decimal(rng.randint(0, LARGEST_SURPLUS))
    return enough + surplus, None


def _degrees(e5: int) -> str:
    return f"{e5 // E5}.{e5 % E5:05d}"


def _taken_at(submitted_on: date, rng: Random) -> datetime:
    day = submitted_on - timedelta(days=rng.randint(1, 5))
    hour, minute = rng.choice(WORKING_HOURS), rng.randrange(60)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=COUNTY_TIME)


def _with_reused_photos(claims: list[SampleClaim], chosen: Chosen) -> list[SampleClaim]:
    photo_of = {claim.file_number: claim.photo_sha256 for claim in claims}
    borrowed = {second: photo_of[first] for first, second in chosen.cases(Rule.PHOTO_REUSED)}
    return [
        replace(claim, photo_sha256=borrowed[claim.file_number]) if claim.file_number in borrowed else claim
        for claim in claims
    ]
