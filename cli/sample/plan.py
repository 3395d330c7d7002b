"""The generated plan: everything the demo enters, and what supervision is expected to find in it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cli.sample.county import County, Programme, Rule, SiteKind
from cli.sample.schedule import RoundDates
from cli.sample.step import CalendarStep, Step

SYNTHETIC_NOTE = (
    "Synthetic data. Every surname is 样 (sample); identity numbers use order codes from 900, "
    "bank accounts start with 000000 and bank codes with 000: no person or account of the real county is meant."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One row of the division file."""

    code: str
    level: str
    parent_code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMember:
    """One person of a household."""

    name: str
    sex: str
    id_number: str
    born: date
    relation: str
    ethnicity: str
    education: str
    schooling: str
    health: str
    labour: str
    work: str
    dibao: bool
    medical_scheme: bool
    pension: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleIncome:
    """A household's income of the year before registration by four sources, and its costs, in fen."""

    wage_fen: int
    business_fen: int
    transfer_fen: int
    property_fen: int
    cost_fen: int

    @property
    def net_fen(self) -> int:
        """Return the sum of the sources minus the costs."""
        return self.wage_fen + self.business_fen + self.transfer_fen + self.property_fen - self.cost_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleHousing:
    """The house the household lives in when it is registered."""

    area_m2: Decimal
    structure: str
    year_built: int
    power: bool
    fuel: str
    water: str
    market_km: Decimal
    wants_relocation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleHousehold:
    """One registered household; the first member is its head."""

    file_number: str
    village_code: str
    group_no: int
    dibao: bool
    cause: str
    bank_code: str
    bank_account: str
    income: SampleIncome
    housing: SampleHousing
    members: tuple[SampleMember, ...]
    site_key: str | None
    # Stands in the workbook, and dies before the figures are counted.
    deceased: SampleMember | None = None

    @property
    def head(self) -> SampleMember:
        """Return the head of the household."""
        return self.members[0]

    @property
    def everybody(self) -> tuple[SampleMember, ...]:
        """Return the members as the workbook lists them."""
        return self.members if self.deceased is None else (*self.members, self.deceased)

    @property
    def income_per_person_fen(self) -> int:
        """Return the net income per member, rounded down to the fen."""
        return self.income.net_fen // len(self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSite:
    """One relocation site; its planned figures equal what is allocated to it."""

    key: str
    name: str
    kind: SiteKind
    township_code: str
    village_code: str
    planned_households: int
    planned_persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleHouse:
    """The new house of one allocated household and the dates of its stages, None where not reached."""

    file_number: str
    site_key: str
    persons: int
    planned_area_m2: Decimal
    floor_area_m2: Decimal | None
    started_on: date | None
    topped_out_on: date | None
    completed_on: date | None
    accepted_on: date | None
    moved_in_on: date | None
    subsidy_fen: int
    corrected_completed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleClaim:
    """One claim for industrial support with its evidence; `corrected` is a later re-inspection's quantity."""

    key: str
    file_number: str
    wave: int
    programme: str
    item: str
    unit: str
    rate_fen: int
    declared: Decimal
    accepted: Decimal
    corrected: Decimal | None
    photo_sha256: str
    latitude: str
    longitude: str
    taken_at: datetime
    submitted_on: date
    inspected_on: date
    approved_on: date
    paid_on: date | None

    @property
    def amount_fen(self) -> int:
        """Return accepted quantity times rate; rates are even, so that half units stay whole fen."""
        return int(self.accepted * self.rate_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBatch:
    """One payment batch: `refs` are claim keys (industry) or household file numbers (housing)."""

    key: str
    programme: str
    kind: str
    frozen_on: date
    sent_on: date
    settled_on: date
    refs: tuple[str, ...]
    control_sum_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAllocation:
    """Money of one source set aside for one programme."""

    source: str
    programme: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRound:
    """One pass of the procedure: who is added and who removed (with a reason), and how the register stands then."""

    key: str
    kind: str
    dates: RoundDates
    added: tuple[str, ...]
    removed: tuple[tuple[str, str], ...]
    # Meets alone, apart from its village, so that its villagers' meeting can be annulled alone.
    apart: tuple[str, ...]
    households: int
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedCase:
    """One planted case, the finding it must raise, and why it can raise no other."""

    case_id: str
    rule: Rule
    file_numbers: tuple[str, ...]
    claim_keys: tuple[str, ...]
    subject: str
    observed: str
    expected: str
    why_alone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePlan:
    """A whole synthetic county, ready to be played."""

    county: County
    seed: int
    note: str
    divisions: tuple[Division, ...]
    households: tuple[SampleHousehold, ...]
    # On the register for some time, and removed by a look-back.
    removed_households: tuple[SampleHousehold, ...]
    rounds: tuple[SampleRound, ...]
    poor_villages: tuple[str, ...]
    sites: tuple[SampleSite, ...]
    houses: tuple[SampleHouse, ...]
    claims: tuple[SampleClaim, ...]
    batches: tuple[SampleBatch, ...]
    allocations: tuple[SampleAllocation, ...]
    calendar: tuple[CalendarStep, ...]
    planted: tuple[PlantedCase, ...]

    @property
    def filed(self) -> tuple[SampleHousehold, ...]:
        """Return every household of the workbook, in order of its file number."""
        return tuple(sorted((*self.households, *self.removed_households), key=lambda one: one.file_number))

    @property
    def exited(self) -> tuple[str, ...]:
        """Return the file numbers of the households that leave the register as no longer poor."""
        return tuple(ref for one in self.calendar if one.step is Step.EXIT_HOUSEHOLD for ref in one.refs)

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """Return the programmes that claims and houses are paid from."""
        return self.county.programmes
