"""What supervision knows of one household, folded from every service's events, and of one photo.

Everything the rules compare carries a household's id, so one dossier a household is loaded and saved as a whole:
a batch costs two statements however many kinds of events it holds. Structs are changed in place; they never leave
the transaction that loaded them.
"""

from datetime import date
from uuid import UUID

from msgspec import Struct, field

from contracts.values import ON_THE_REGISTER, UNKNOWN, WITHDRAWN
from services.supervision.domain.finding import Finding


class Dated(Struct, frozen=True, gc=False):
    """A day on which something happened, and the event that said so."""

    on: date
    event_id: UUID


class Standing(Struct, frozen=True, gc=False):
    """A household's state on the register from a day on."""

    since: date
    status: str
    event_id: UUID


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


class Dossier(Struct, omit_defaults=True, gc=False):
    """One household; `held` are its open findings by key."""

    household_id: UUID
    area_code: str = ""
    is_placed: bool = False
    standings: list[Standing] = field(default_factory=list)
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
