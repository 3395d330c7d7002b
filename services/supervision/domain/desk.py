"""The desk on which dossiers lie open: each event changes one, the rules it touches are asked, findings move."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from contracts.events import subsidy
from services.supervision.domain.checks import deadline, floor, house, payment
from services.supervision.domain.checks.photo import check_photo, whose_photo
from services.supervision.domain.dossier import Dossier, Photo, Use
from services.supervision.domain.finding import Cause, Change, Finding, Firing, Whose, reconcile
from services.supervision.domain.fold import FOLDS, settle_area
from services.supervision.domain.rule import (
    CAP,
    DEADLINE,
    DUPLICATE,
    ELIGIBILITY,
    FLOOR,
    KINDS,
    SEQUENCE,
    THREE_WAY,
    Rulebook,
)

BY_CLOCK: Final = frozenset({DEADLINE, FLOOR})
OF_MONEY: Final = frozenset({ELIGIBILITY, THREE_WAY, SEQUENCE})
OF_DOSSIER: Final = KINDS - {DUPLICATE}
OF_PHOTO: Final = frozenset({DUPLICATE})


class Heard(Struct, frozen=True, kw_only=True, gc=False):
    """An event that changes a projection, with what its envelope says; it is itself a cause of findings."""

    event_id: UUID
    event_type: str
    fact: Any
    area_code: str
    on: date
    at: datetime

    @property
    def label(self) -> str:
        """The event in words."""
        return f"{self.event_type} of {self.on}"


@dataclass(slots=True, kw_only=True)
class Desk:
    """Everything one batch needs in memory; whoever loads it also saves it."""

    rules: Rulebook
    programmes: dict[str, str]
    through: date | None
    dossiers: dict[UUID, Dossier] = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    touched: set[UUID] = field(default_factory=set)
    touched_photos: set[str] = field(default_factory=set)
    findings: dict[UUID, Finding] = field(default_factory=dict)
    programmes_changed: bool = False

    def hear(self, heard: Heard) -> list[Change]:
        """Apply one event and return the findings that it moved."""
        if isinstance(heard.fact, subsidy.ProgrammePublished):
            changes = self._publish(heard.fact, heard)
        else:
            changes = self._fold(heard)
        self._keep(changes)
        return changes

    def ask_again(
        self, households: Iterable[UUID], cause: Cause, kinds: frozenset[str] = BY_CLOCK
    ) -> list[Change]:
        """Ask rules again for some dossiers, because the clock or the rules have moved."""
        changes: list[Change] = []
        for household_id in sorted(households):
            dossier = self.dossiers[household_id]
            self.touched.add(household_id)
            changes += self._ask(dossier, kinds, cause)
        self._keep(changes)
        return changes

    def ask_photos_again(self, photos: Iterable[str], cause: Cause) -> list[Change]:
        """Ask the photo rules again, because they have changed."""
        changes = [change for sha256 in sorted(photos) for change in self._ask_photo(sha256, cause)]
        self._keep(changes)
        return changes

    def clear(self) -> None:
        """Take everything off the desk that has been put away."""
        for pile in (self.dossiers, self.photos, self.touched, self.touched_photos, self.findings):
            pile.clear()
        self.programmes_changed = False

    def _keep(self, changes: Iterable[Change]) -> None:
        for _, finding in changes:
            self.findings[finding.id] = finding

    def _fold(self, heard: Heard) -> list[Change]:
        fact = heard.fact
        dossier = self.dossiers.get(fact.household_id)
        if dossier is None:
            dossier = self.dossiers[fact.household_id] = Dossier(household_id=fact.household_id)
        self.touched.add(fact.household_id)
        before = dossier.area_code
        fold, kinds = FOLDS[type(fact)]
        fold(dossier, fact, heard.event_id)
        settle_area(dossier, heard.area_code)
        if dossier.held and dossier.area_code != before:
            kinds = OF_DOSSIER  # open findings follow the household to its new village
        changes = self._ask(dossier, kinds, heard) if kinds else []
        if isinstance(fact, subsidy.ClaimSubmitted | subsidy.ClaimRejected):
            changes += self._show_photos(dossier, heard)
        return changes

    def _ask(self, dossier: Dossier, kinds: frozenset[str], cause: Cause) -> list[Change]:
        whose = Whose(area_code=dossier.area_code, households=(dossier.household_id,))
        firings = _firings(dossier, self, kinds)
        return list(reconcile(dossier.held, firings, kinds, whose=whose, cause=cause))

    def _show_photos(self, dossier: Dossier, heard: Heard) -> list[Change]:
        fact = heard.fact
        changes: list[Change] = []
        for sha256 in dossier.claims[fact.claim_id].photos:
            photo = self.photos.get(sha256)
            if photo is None:
                photo = self.photos[sha256] = Photo(sha256=sha256)
            if isinstance(fact, subsidy.ClaimRejected):
                photo.uses.pop(fact.claim_id, None)
            else:
                photo.uses[fact.claim_id] = Use(
                    household_id=fact.household_id,
                    area_code=heard.area_code,
                    on=fact.submitted_on,
                    event_id=heard.event_id,
                )
            changes += self._ask_photo(sha256, heard)
        return changes

    def _ask_photo(self, sha256: str, cause: Cause) -> list[Change]:
        photo = self.photos[sha256]
        self.touched_photos.add(sha256)
        firings = check_photo(photo, self.rules)
        return list(reconcile(photo.held, firings, OF_PHOTO, whose=whose_photo(photo), cause=cause))

    def _publish(self, fact: subsidy.ProgrammePublished, cause: Cause) -> list[Change]:
        if self.programmes.get(fact.code) == fact.kind:
            return []
        self.programmes[fact.code] = fact.kind
        self.programmes_changed = True
        affected = [
            household_id
            for household_id, dossier in self.dossiers.items()
            if any(payment.programme_code == fact.code for payment in dossier.payments.values())
        ]
        return self.ask_again(affected, cause, frozenset({FLOOR}))


def _firings(dossier: Dossier, desk: Desk, kinds: frozenset[str]) -> Iterator[Firing]:
    rules = desk.rules
    if DEADLINE in kinds and (dossier.claims or dossier.houses):
        yield from deadline.check(dossier, rules, desk.through)
    if dossier.payments and kinds & OF_MONEY:
        sources = payment.paid_sources(dossier)
        if ELIGIBILITY in kinds:
            yield from payment.check_eligibility(dossier, sources, rules)
        if THREE_WAY in kinds:
            yield from payment.check_three_way(dossier, sources, rules)
        if SEQUENCE in kinds:
            yield from payment.check_sequence(dossier, sources, rules)
    if CAP in kinds:
        yield from house.check_cap(dossier, rules)
    if FLOOR in kinds:
        yield from floor.check_floor(dossier, rules, desk.through, desk.programmes)


def next_due(dossier: Dossier, rules: Rulebook, through: date | None) -> date | None:
    """Return the next day on which the clock alone could make a rule fire for a household."""
    days = [
        one.due_on for one in deadline.pending(dossier, rules) if not deadline.is_overdue(one.due_on, through)
    ]
    year_end = floor.next_due(dossier, through)
    return min([*days, year_end] if year_end else days, default=None)


def photos_of(heard: Iterable[Heard], dossiers: Mapping[UUID, Dossier]) -> set[str]:
    """Return the photos that a batch's claims show, or showed until they were rejected."""
    found: set[str] = set()
    for each in heard:
        if isinstance(each.fact, subsidy.ClaimSubmitted):
            found.update(photo.photo_sha256 for photo in each.fact.evidence)
        elif isinstance(each.fact, subsidy.ClaimRejected):
            dossier = dossiers.get(each.fact.household_id)
            claim = dossier.claims.get(each.fact.claim_id) if dossier else None
            found.update(claim.photos if claim else ())
    return found
