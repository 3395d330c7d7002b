"""What supervision knows of one household, folded from every service's events, and of one photo.

Everything the rules compare carries a household's id, so one dossier a household is loaded and saved as a whole:
a batch costs two statements however many kinds of events it holds. Structs are changed in place; they never leave
the transaction that loaded them.
"""

from datetime import date
from uuid import UUID

from msgspec import Struct, field

from contracts.events.registry import ExitAssessment, HouseholdProfile
from contracts.values import ON_THE_REGISTER, UNKNOWN, WITHDRAWN
from services.supervision.domain.finding import Finding


class Dated(Struct, frozen=True, gc=False):
    """A day on which something happened, and the event that said so."""

    on: date
    event_id: UUID


class Standing(Struct, frozen=True, omit_defaults=True, gc=False):
    """A household's state on the register from a day on; restored where it only stands as before, and nobody looked."""

    since: date
    status: str
    event_id: UUID
    is_restored: bool = False


class Claim(Struct, omit_defaults=True, gc=False):
    """A claim as it stands now: what it is worth, and the days of its steps."""

    amount_fen: int | None = None
    amount_event: UUID | None = None
    steps: dict[str, Dated] = field(default_factory=dict)
    photos: tuple[str, ...] = ()


class Payment(Struct, frozen=True, gc=False):
    """Money that the bank credited."""

    source_kind: str
    source_id: UUID
    programme_code: str
    period: str
    amount_fen: int
    bank_amount_fen: int
    paid_on: date
    event_id: UUID


class House(Struct, omit_defaults=True, gc=False):
    """A house with its measured area and the days of its stages, as last corrected."""

    floor_area_m2: str | None = None
    persons: int | None = None
    measured_event: UUID | None = None
    steps: dict[str, Dated] = field(default_factory=dict)


class Instalment(Struct, frozen=True, gc=False):
    """A part of the housing subsidy that fell due for a stage."""

    house_id: UUID
    stage: str
    stage_on: date
    amount_fen: int
    event_id: UUID


class Restatement(Struct, frozen=True, gc=False):
    """Village, size or category stated anew from a day on."""

    on: date
    before: HouseholdProfile
    after: HouseholdProfile
    event_id: UUID


class Visit(Struct, omit_defaults=True, gc=False):
    """A visit as it counts now; the income is told only where it was corrected."""

    on: date
    event_id: UUID
    income_fen: int | None = None
    is_complete: bool = True
    corrected_by: UUID | None = None
    annulled_by: UUID | None = None


class Match(Struct, frozen=True, omit_defaults=True, gc=False):
    """Somebody of the household stands on another office's list that rules it out, unless that was explained."""

    list_kind: str
    on: date
    event_id: UUID
    is_explained: bool = False
    resolved_by: UUID | None = None


class Entrance(Struct, frozen=True, gc=False):
    """An entry on the register by the procedure, and the rounds that decided it or confirmed it since."""

    on: date
    told_on: date
    event_id: UUID
    rounds: tuple[UUID, ...]


class Exit(Struct, frozen=True, gc=False):
    """The present exit and what it rests on."""

    on: date
    assessment: ExitAssessment
    event_id: UUID


class Dossier(Struct, omit_defaults=True, gc=False):
    """One household; `held` are its open findings by key, `passed` the meetings that agreed to it by round."""

    household_id: UUID
    area_code: str = ""
    is_placed: bool = False
    persons: int = 0
    standings: list[Standing] = field(default_factory=list)
    restatements: list[Restatement] = field(default_factory=list)
    visits: dict[UUID, Visit] = field(default_factory=dict)
    matches: dict[UUID, Match] = field(default_factory=dict)
    passed: dict[UUID, dict[UUID, str]] = field(default_factory=dict)
    entrance: Entrance | None = None
    exit: Exit | None = None
    claims: dict[UUID, Claim] = field(default_factory=dict)
    payments: dict[UUID, Payment] = field(default_factory=dict)
    houses: dict[UUID, House] = field(default_factory=dict)
    instalments: dict[UUID, Instalment] = field(default_factory=dict)
    held: dict[str, Finding] = field(default_factory=dict)


class Use(Struct, frozen=True, gc=False):
    """One claim that shows a photo."""

    household_id: UUID
    area_code: str
    on: date
    event_id: UUID


class Photo(Struct, omit_defaults=True, gc=False):
    """A photo by its hash and the claims that show it."""

    sha256: str
    uses: dict[UUID, Use] = field(default_factory=dict)
    held: dict[str, Finding] = field(default_factory=dict)


def standing_on(dossier: Dossier, on: date) -> Standing | None:
    """Return the latest standing begun by a day; a withdrawn household never counted, on any day."""
    found = None
    for standing in dossier.standings:
        if standing.status == WITHDRAWN:
            return standing
        if standing.since <= on and (found is None or standing.since >= found.since):
            found = standing
    return found


def status_on(dossier: Dossier, on: date) -> str:
    """Return a household's state on a day."""
    standing = standing_on(dossier, on)
    return standing.status if standing else UNKNOWN


def is_on_the_register(dossier: Dossier, on: date) -> bool:
    """A household whose exit is only being noticed is still on the register; an exited or closed one is not."""
    return status_on(dossier, on) in ON_THE_REGISTER


def is_now_on_the_register(dossier: Dossier) -> bool:
    """Tell whether the latest that is known of a household keeps it on the register."""
    return is_on_the_register(dossier, date.max)


def last_told(dossier: Dossier) -> UUID | None:
    """Return the registry's latest word about who is on the register; event ids grow with the time of recording."""
    last = dossier.standings[-1].event_id if dossier.standings else None
    if dossier.restatements:
        restated = dossier.restatements[-1].event_id
        return restated if last is None else max(last, restated)
    return last
