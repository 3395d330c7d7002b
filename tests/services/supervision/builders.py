"""Facts of a small county as other services would publish them, and ways to let supervision hear them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from chassis.auth import Principal
from chassis.events import Envelope, Fact, decode_envelope
from chassis.ids import new_id
from chassis.service import raw
from chassis.unit_of_work import UnitOfWork
from contracts.events import finance, registry, relocation, subsidy
from contracts.values import COMPLETED, GENERAL, HOUSING, INDUSTRY, MU, SOURCE_CLAIM, SOURCE_HOUSE_STAGE
from services.supervision.clockwork import watch
from services.supervision.consumers import hear_batch
from tests.kit import Harness

VILLAGE = "532930101201"
OTHER_VILLAGE = "532930102203"
JANUARY_6 = date(2016, 1, 6)
JANUARY_25 = date(2016, 1, 25)
MARCH_14 = date(2016, 3, 14)
MARCH_21 = date(2016, 3, 21)
MARCH_22 = date(2016, 3, 22)
MARCH_23 = date(2016, 3, 23)
MARCH_28 = date(2016, 3, 28)
JUNE_1 = date(2016, 6, 1)
SEPTEMBER_20 = date(2016, 9, 20)
NOVEMBER_7 = date(2016, 11, 7)
DECEMBER_19 = date(2016, 12, 19)


def day(month: int, of_month: int, year: int = 2016) -> date:
    """Return a day of the sample year."""
    return date(year, month, of_month)


@dataclass(slots=True, kw_only=True)
class Family:
    """A household with one claim and one house; each method is a fact about it."""

    id: UUID = field(default_factory=new_id)
    claim_id: UUID = field(default_factory=new_id)
    house_id: UUID = field(default_factory=new_id)
    due_id: UUID = field(default_factory=new_id)
    village: str = VILLAGE
    photo: str = field(default_factory=lambda: new_id().hex * 2)

    def registered(self, on: date = JANUARY_6, **fields: Any) -> Fact:
        return registry.HouseholdRegistered(
            household_id=self.id,
            village_code=self.village,
            persons=4,
            category=GENERAL,
            registered_on=on,
            **fields,
        )

    def verified(self, on: date = JANUARY_25, **fields: Any) -> Fact:
        return registry.HouseholdVerified(
            household_id=self.id,
            village_code=self.village,
            persons=4,
            category=GENERAL,
            verified_on=on,
            **fields,
        )

    def exited(self, on: date, **fields: Any) -> Fact:
        return registry.HouseholdExited(household_id=self.id, exited_on=on, reason="income", **fields)

    def closed(self, on: date, *, was_on_register: bool = True, round_id: UUID | None = None) -> Fact:
        return registry.HouseholdClosed(
            household_id=self.id,
            closed_on=on,
            reason="removed",
            was_on_register=was_on_register,
            persons=4,
            round_id=round_id,
        )

    def stays_after_all(self, on: date) -> Fact:
        return registry.HouseholdPreExitWithdrawn(
            household_id=self.id, withdrawn_on=on, reason="illness", status="verified"
        )

    def returned(self, on: date) -> Fact:
        return registry.HouseholdReturned(household_id=self.id, returned_on=on, reason="illness")

    def withdrawn(self, on: date) -> Fact:
        return registry.HouseholdWithdrawn(household_id=self.id, withdrawn_on=on, reason="undone")

    def moved(self, village: str, on: date = JUNE_1, persons: int = 4) -> Fact:
        before = registry.HouseholdProfile(village_code=self.village, persons=4, category=GENERAL)
        after = registry.HouseholdProfile(village_code=village, persons=persons, category=GENERAL)
        return registry.HouseholdChanged(household_id=self.id, changed_on=on, before=before, after=after)

    def submitted(self, on: date = MARCH_14) -> Fact:
        photo = subsidy.Evidence(
            photo_sha256=self.photo, taken_at=datetime(2016, 3, 1, tzinfo=UTC), latitude=26.1, longitude=99.9
        )
        return subsidy.ClaimSubmitted(
            claim_id=self.claim_id,
            household_id=self.id,
            programme_code="plum",
            item="plum",
            declared_quantity="10",
            unit=MU,
            evidence=(photo,),
            submitted_on=on,
        )

    def accepted(self, on: date = MARCH_21, fen: int = 400_000) -> Fact:
        return subsidy.ClaimAccepted(
            claim_id=self.claim_id,
            household_id=self.id,
            accepted_quantity="10",
            amount_fen=fen,
            inspector_id="inspector",
            accepted_on=on,
        )

    def approved(self, on: date = MARCH_23, fen: int = 400_000) -> Fact:
        return subsidy.ClaimApproved(
            claim_id=self.claim_id,
            household_id=self.id,
            programme_code="plum",
            period="2016",
            amount_fen=fen,
            approved_on=on,
        )

    def rejected(self, on: date = MARCH_22) -> Fact:
        return subsidy.ClaimRejected(
            claim_id=self.claim_id, household_id=self.id, reason="photo", rejected_on=on
        )

    def corrected(self, fen: int, on: date = SEPTEMBER_20) -> Fact:
        before = subsidy.ClaimOutcome(accepted_quantity="10", amount_fen=400_000)
        after = subsidy.ClaimOutcome(accepted_quantity="9", amount_fen=fen)
        return subsidy.ClaimCorrected(
            claim_id=self.claim_id,
            household_id=self.id,
            corrected_on=on,
            reason="re-inspection",
            before=before,
            after=after,
        )

    def claim_paid(self, on: date = MARCH_28, fen: int = 400_000, bank_fen: int | None = None) -> Fact:
        credited = fen if bank_fen is None else bank_fen
        return self._settled(SOURCE_CLAIM, self.claim_id, fen=fen, bank_fen=credited, on=on)

    def subsidy_paid(self, on: date, fen: int = 2_000_000) -> Fact:
        return self._settled(SOURCE_HOUSE_STAGE, self.due_id, fen=fen, bank_fen=fen, on=on)

    def _settled(self, kind: str, source: UUID, *, fen: int, bank_fen: int, on: date) -> Fact:
        return finance.PaymentSettled(
            payment_id=new_id(),
            amount_fen=fen,
            batch_id=new_id(),
            source_kind=kind,
            source_id=source,
            household_id=self.id,
            programme_code="plum" if kind == SOURCE_CLAIM else "house",
            period="2016",
            bank_amount_fen=bank_fen,
            paid_on=on,
            attempt=1,
        )

    def completed(self, on: date = NOVEMBER_7, area: str = "100.00", persons: int = 4) -> Fact:
        return relocation.HouseCompleted(
            house_id=self.house_id,
            household_id=self.id,
            site_id=new_id(),
            floor_area_m2=area,
            persons=persons,
            completed_on=on,
        )

    def house_accepted(self, on: date = DECEMBER_19, area: str | None = None) -> Fact:
        return relocation.HouseAccepted(
            house_id=self.house_id, household_id=self.id, happened_on=on, floor_area_m2=area
        )

    def house_rejected(self, on: date = DECEMBER_19, area: str | None = None) -> Fact:
        return relocation.HouseRejected(
            house_id=self.house_id, household_id=self.id, failed=(), happened_on=on, floor_area_m2=area
        )

    def moved_in(self, on: date) -> Fact:
        return relocation.HouseholdMovedIn(house_id=self.house_id, household_id=self.id, moved_in_on=on)

    def redated(self, before: date, after: date, on: date = DECEMBER_19) -> Fact:
        return relocation.HouseStageCorrected(
            house_id=self.house_id,
            household_id=self.id,
            stage=COMPLETED,
            before=before,
            after=after,
            reason="wrong date",
            corrected_on=on,
        )

    def due(self, stage_on: date = NOVEMBER_7, fen: int = 2_000_000) -> Fact:
        return relocation.HousingSubsidyDue(
            due_id=self.due_id,
            house_id=self.house_id,
            household_id=self.id,
            programme_code="house",
            period="2016",
            stage=COMPLETED,
            stage_on=stage_on,
            amount_fen=fen,
            due_on=stage_on,
        )

    def paid_in_order(self) -> list[Fact]:
        """Everything as it should be: registered, claimed, accepted, paid above the floor."""
        return [
            self.registered(),
            self.verified(),
            self.submitted(),
            self.accepted(),
            self.approved(),
            self.claim_paid(),
        ]


def programme(code: str, kind: str = INDUSTRY) -> Fact:
    """A programme was published."""
    return subsidy.ProgrammePublished(
        programme_id=new_id(),
        code=code,
        kind=kind,
        rate_fen=40_000,
        unit="household" if kind == HOUSING else MU,
        floor_fen=None,
        effective_from=day(1, 1),
        effective_to=None,
        basis_document="sample",
    )


def envelopes(harness: Harness, facts: Iterable[Any], area: str | None = None) -> list[Envelope]:
    """Return facts in envelopes, as their owners' outboxes would hold them."""
    sender = UnitOfWork(harness.runtime, Principal(actor_id="sender", roles=frozenset(), area=""))
    for sequence, fact in enumerate(facts, start=1):
        code = area or getattr(fact, "village_code", None) or VILLAGE
        sender.record(fact, sequence=sequence, area=code)
    return [decode_envelope(row.payload) for row in sender.recorded]


async def hear(harness: Harness, *facts: Any, area: str | None = None) -> list[Envelope]:
    """Let supervision hear facts as one batch."""
    heard = envelopes(harness, facts, area)
    await hear_envelopes(harness, heard)
    return heard


async def hear_envelopes(harness: Harness, heard: Sequence[Envelope]) -> None:
    """Let supervision hear envelopes as one batch, in one transaction."""
    unit = harness.unit("service")
    async with unit:
        await hear_batch([raw(envelope) for envelope in heard], unit)


async def reach(harness: Harness, on: date) -> None:
    """Let the business date be reached, and the ticker look at it."""
    harness.clock.move_to(on)
    await watch(lambda: harness.unit("service"))


async def findings(harness: Harness, state: str = "open") -> list[tuple[str, str]]:
    """Return rule and subject of findings."""
    rows = await harness.sql(
        "SELECT rule, subject FROM supervision.finding WHERE state = $1 ORDER BY rule, subject", state
    )
    return [(row["rule"], row["subject"]) for row in rows]


CONTENT = """
SELECT md5(coalesce(string_agg(row, E'\n' ORDER BY row), '')) FROM (
    SELECT to_jsonb(d)::text AS row FROM supervision.dossier AS d
    UNION ALL SELECT to_jsonb(p)::text FROM supervision.photo AS p
    UNION ALL SELECT to_jsonb(g)::text FROM supervision.programme AS g
    UNION ALL SELECT to_jsonb(r)::text FROM supervision.round AS r
    UNION ALL SELECT to_jsonb(n)::text FROM supervision.notice AS n
    UNION ALL SELECT to_jsonb(f)::text FROM supervision.finding AS f
) AS everything
"""


async def digest(harness: Harness) -> str:
    """Return a digest of every projection and finding, ids and times included."""
    return str((await harness.sql(CONTENT))[0][0])
