"""What this service does about facts of others, a whole batch in a few statements."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from chassis.events import Envelope, Received
from chassis.unit_of_work import UnitOfWork
from contracts.events import finance, registry
from contracts.values import SOURCE_CLAIM, UNKNOWN
from services.subsidy.domain.claim import REJECTED, Claim, Payment, disburse, take_back
from services.subsidy.domain.errors import ClaimUnknown
from services.subsidy.domain.household import Household, HouseholdEvent, Standing, hear
from services.subsidy.store import claim as claims_store
from services.subsidy.store import disbursement as disbursements_store
from services.subsidy.store import household as households_store
from services.subsidy.store import programme as programmes_store
from services.subsidy.store.disbursement import Disbursement, Problem

F = TypeVar("F")

_HEARD: tuple[Any, ...] = (
    *registry.EVENTS,
    finance.PaymentSettled,
    finance.PaymentRejected,
    finance.PaymentWithdrawn,
)
_DECODERS = {kind.event_type: msgspec.json.Decoder(kind) for kind in _HEARD}
_AREA_DIGITS = 12


class Heard(NamedTuple, Generic[F]):
    """A fact with its envelope."""

    envelope: Envelope
    fact: F

    @property
    def area(self) -> str:
        """The division of the fact, in full length."""
        return self.envelope.areacode.ljust(_AREA_DIGITS, "0")


async def hear_batch(batch: Sequence[Received[Any]], unit: UnitOfWork) -> None:
    """Apply a batch: the register first, so that a payment meets the newest standing there is."""
    households: list[Heard[HouseholdEvent]] = []
    settled: list[Heard[finance.PaymentSettled]] = []
    rejected: list[Heard[finance.PaymentRejected]] = []
    withdrawn: list[Heard[finance.PaymentWithdrawn]] = []
    for received in batch:
        decoder = _DECODERS.get(received.envelope.type)
        fact = decoder.decode(received.envelope.data) if decoder else None
        if isinstance(fact, HouseholdEvent):
            households.append(Heard(received.envelope, fact))
        elif isinstance(fact, finance.PaymentSettled) and fact.source_kind == SOURCE_CLAIM:
            settled.append(Heard(received.envelope, fact))
        elif isinstance(fact, finance.PaymentRejected) and fact.source_kind == SOURCE_CLAIM:
            rejected.append(Heard(received.envelope, fact))
        elif isinstance(fact, finance.PaymentWithdrawn) and fact.source_kind == SOURCE_CLAIM:
            withdrawn.append(Heard(received.envelope, fact))
    if households:
        await on_household(households, unit)
    if settled:
        await on_payment_settled(settled, unit)
    if rejected:
        await on_payment_rejected(rejected, unit)
    if withdrawn:
        await on_payment_withdrawn(withdrawn, unit)


async def on_household(heard: Sequence[Heard[HouseholdEvent]], unit: UnitOfWork) -> None:
    """Bring the copy of the register up to date, and publish payments that waited for a standing."""
    before = await households_store.lock_households(
        unit.driver, {each.fact.household_id: each.area for each in heard}
    )
    after = dict(before)
    standings: list[Standing] = []
    for each in heard:
        household, standing = hear(
            after[each.fact.household_id], each.fact, sequence=each.envelope.sequence, area=each.area
        )
        after[household.id] = household
        standings += [standing] if standing else []
    await households_store.save_households(unit.driver, after.values())
    await households_store.add_standings(unit.driver, standings, after)
    moved = {key: after[key].area_code for key in after if after[key].area_code != before[key].area_code}
    await households_store.move_households(unit.driver, moved)
    unheard = [key for key, household in before.items() if household.sequence == 0]
    await _publish_waiting(unheard, {each.fact.household_id: each.envelope for each in heard}, unit)


async def on_payment_settled(heard: Sequence[Heard[finance.PaymentSettled]], unit: UnitOfWork) -> None:
    """Note money that arrived, and publish it with the recipient's standing on the payment date."""
    known = await disbursements_store.known_payments(unit.driver, (each.fact.payment_id for each in heard))
    fresh = {each.fact.payment_id: each for each in heard if each.fact.payment_id not in known}
    households = await households_store.lock_households(
        unit.driver, {each.fact.household_id: each.area for each in fresh.values()}
    )
    claims = await _claims([each.fact.source_id for each in fresh.values()], unit)
    programmes = await programmes_store.load_programmes(
        unit.driver, (claim.programme_id for claim in claims.values())
    )
    payments = [_payment_of(each.fact) for each in fresh.values()]
    statuses = await households_store.statuses_on(
        unit.driver, ((p.household_id, p.paid_on) for p in payments)
    )
    found = [
        Disbursement(
            payment=payment,
            area_code=households[payment.household_id].area_code,
            kind=programmes[claims[payment.claim_id].programme_id].kind,
            status=statuses.get((payment.household_id, payment.paid_on), UNKNOWN),
            is_published=_is_heard_of(households[payment.household_id]),
        )
        for payment in payments
    ]
    await disbursements_store.add_disbursements(unit.driver, found, unit.now)
    arrived = [(fresh[d.payment.payment_id].envelope, d.payment, d.status) for d in found if d.is_published]
    await _disburse(arrived, claims, unit)


async def on_payment_rejected(heard: Sequence[Heard[finance.PaymentRejected]], unit: UnitOfWork) -> None:
    """Let the claim show why the bank sent its money back."""
    claims = await _claims([each.fact.source_id for each in heard], unit)
    problems = [
        Problem(
            payment_id=fact.payment_id,
            attempt=fact.attempt,
            claim_id=fact.source_id,
            area_code=claims[fact.source_id].area_code,
            reason=fact.reason,
            rejected_on=fact.rejected_on,
        )
        for _, fact in heard
    ]
    await disbursements_store.add_problems(unit.driver, problems, unit.now)


async def on_payment_withdrawn(heard: Sequence[Heard[finance.PaymentWithdrawn]], unit: UnitOfWork) -> None:
    """Reject the claims whose payment the county took back; one that was rejected before stays as it is."""
    claims = await _claims([each.fact.source_id for each in heard], unit)
    versions = []
    for envelope, fact in heard:
        if claims[fact.source_id].status == REJECTED:
            continue
        claim, refusal = take_back(claims[fact.source_id], fact.reason, on=fact.withdrawn_on)
        claims[claim.id] = claim
        versions.append((claim, fact.withdrawn_on))
        unit.begin_event(envelope)
        unit.record(refusal, sequence=claim.version, area=claim.area_code)
    await _keep(versions, claims, unit)


async def _publish_waiting(
    households: Sequence[UUID], envelopes: dict[UUID, Envelope], unit: UnitOfWork
) -> None:
    waiting = await disbursements_store.waiting_payments(unit.driver, households) if households else []
    if not waiting:
        return
    statuses = await households_store.statuses_on(unit.driver, ((p.household_id, p.paid_on) for p in waiting))
    resolved = {p.payment_id: statuses[p.household_id, p.paid_on] for p in waiting}
    await disbursements_store.mark_published(unit.driver, resolved)
    arrived = [(envelopes[p.household_id], p, resolved[p.payment_id]) for p in waiting]
    await _disburse(arrived, await _claims([p.claim_id for p in waiting], unit), unit)


async def _disburse(
    arrived: Sequence[tuple[Envelope, Payment, str]], claims: dict[UUID, Claim], unit: UnitOfWork
) -> None:
    versions = []
    for envelope, payment, status in arrived:
        claim, fact = disburse(claims[payment.claim_id], payment, status=status)
        claims[claim.id] = claim
        versions.append((claim, payment.paid_on))
        unit.begin_event(envelope)
        unit.record(fact, sequence=claim.version, area=claim.area_code)
    await _keep(versions, claims, unit)


async def _keep(versions: Sequence[tuple[Claim, date]], claims: dict[UUID, Claim], unit: UnitOfWork) -> None:
    await claims_store.save_claims(
        unit.driver, {claim.id: claims[claim.id] for claim, _ in versions}.values()
    )
    trace = claims_store.Trace(unit.principal.actor_id, unit.now)
    await claims_store.add_versions(unit.driver, versions, trace)


async def _claims(ids: Sequence[UUID], unit: UnitOfWork) -> dict[UUID, Claim]:
    claims = await claims_store.load_claims_for_change(unit.driver, ids, area=unit.principal.area)
    if len(claims) < len(set(ids)):
        # Parked by the consumer and seen by an operator: money moved for a claim that was never made here.
        raise ClaimUnknown
    return claims


def _payment_of(fact: finance.PaymentSettled) -> Payment:
    return Payment(
        payment_id=fact.payment_id,
        claim_id=fact.source_id,
        household_id=fact.household_id,
        programme_code=fact.programme_code,
        period=fact.period,
        # What the bank credited is what the household has, whatever was ordered.
        amount_fen=fact.bank_amount_fen,
        paid_on=fact.paid_on,
    )


def _is_heard_of(household: Household) -> bool:
    return household.sequence > 0
