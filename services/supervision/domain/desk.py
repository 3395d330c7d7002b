"""The desk on which dossiers lie open: each event changes one, the rules it touches are asked, findings move."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from contracts.events import subsidy
from contracts.events.procedure import EvaluationHeld
from services.supervision.domain.board import Board
from services.supervision.domain.checks.every import BY_CLOCK, OF_DOSSIER, OF_PHOTO, firings
from services.supervision.domain.checks.photo import check_photo, whose_photo
from services.supervision.domain.dossier import Dossier, Photo, Use
from services.supervision.domain.finding import Cause, Change, Finding, Whose, reconcile
from services.supervision.domain.fold.every import (
    EVALUATION_FOLDS,
    FOLDS,
    PLACING_FACTS,
    REGISTER_FACTS,
    households_in,
)
from services.supervision.domain.fold.folded import Folded
from services.supervision.domain.fold.register import settle_area
from services.supervision.domain.fold.sheet import NOTICE_FOLDS, ROUND_FOLDS
from services.supervision.domain.heard import Heard
from services.supervision.domain.rule import EVALUATIONS, FLOOR, Rulebook

OF_EVALUATION: Final = frozenset({EVALUATIONS})


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
    board: Board = field(default_factory=Board)
    programmes_changed: bool = False

    def hear(self, heard: Heard) -> list[Change]:
        """Apply one event and return the findings that it moved."""
        kind = type(heard.fact)
        folded = FOLDS.get(kind)
        if folded is not None:
            changes = self._fold(heard, folded)
        elif kind in EVALUATION_FOLDS:
            changes = self._evaluate(heard)
        elif kind in NOTICE_FOLDS:
            changes = self.board.hear_notice(heard, self.rules)
        elif kind in ROUND_FOLDS:
            changes = self.board.hear_round(heard, self.dossiers.values(), self.rules)
        else:
            changes = self._publish(heard.fact, heard)
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

    def ask_rounds_again(self, cause: Cause) -> list[Change]:
        """Ask the rules of rounds again, because they have changed."""
        changes = self.board.ask_rounds(cause, self.rules)
        self._keep(changes)
        return changes

    def ask_notices_again(self, notices: Iterable[UUID], cause: Cause) -> list[Change]:
        """Ask the rules of notices again, because they have changed."""
        changes = self.board.ask_notices(notices, cause, self.rules)
        self._keep(changes)
        return changes

    def clear(self) -> None:
        """Take everything off the desk that has been put away."""
        self.board.clear()
        for pile in (self.dossiers, self.photos, self.touched, self.touched_photos, self.findings):
            pile.clear()
        self.programmes_changed = False

    def _keep(self, changes: Iterable[Change]) -> None:
        for _, finding in changes:
            self.findings[finding.id] = finding

    def _open(self, household_id: UUID) -> Dossier:
        dossier = self.dossiers.get(household_id)
        if dossier is None:
            dossier = self.dossiers[household_id] = Dossier(household_id=household_id)
        self.touched.add(household_id)
        return dossier

    def _fold(self, heard: Heard, folded: Folded) -> list[Change]:
        fact = heard.fact
        dossier = self._open(fact.household_id)
        before = dossier.area_code
        fold, kinds = folded
        fold(dossier, fact, heard)
        settle_area(dossier, heard.area_code)
        if dossier.held and dossier.area_code != before:
            kinds = OF_DOSSIER  # open findings follow the household to its new village
        changes = self._ask(dossier, kinds, heard) if kinds else []
        if dossier.claims and type(fact) in PLACING_FACTS:
            changes += self._move_photos(dossier, heard)
        if isinstance(fact, subsidy.ClaimSubmitted | subsidy.ClaimRejected):
            changes += self._show_photos(dossier, heard)
        elif self.board.rounds and type(fact) in REGISTER_FACTS:
            changes += self.board.compare(dossier, heard, self.rules)
        return changes

    def _evaluate(self, heard: Heard) -> list[Change]:
        fold = EVALUATION_FOLDS[type(heard.fact)]
        is_held = isinstance(heard.fact, EvaluationHeld)
        changes: list[Change] = []
        for household_id in households_in(heard.fact):
            if not is_held and household_id not in self.dossiers:
                continue  # it never passed: there is nothing to take back
            dossier = self._open(household_id)
            fold(dossier, heard.fact, heard)
            if is_held:
                settle_area(dossier, heard.area_code)
            if dossier.entrance is not None:
                changes += self._ask(dossier, OF_EVALUATION, heard)
        return changes

    def _ask(self, dossier: Dossier, kinds: frozenset[str], cause: Cause) -> list[Change]:
        whose = Whose(area_code=dossier.area_code, households=(dossier.household_id,))
        fired = firings(dossier, self.rules, kinds, through=self.through, programmes=self.programmes)
        return list(reconcile(dossier.held, fired, kinds, whose=whose, cause=cause))

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
                    area_code=dossier.area_code if dossier.is_placed else heard.area_code,
                    on=fact.submitted_on,
                    event_id=heard.event_id,
                )
            changes += self._ask_photo(sha256, heard)
        return changes

    def _move_photos(self, dossier: Dossier, heard: Heard) -> list[Change]:
        """Let the photos of a household's claims, and what is held against them, follow it to its new village."""
        changes: list[Change] = []
        for claim_id, claim in dossier.claims.items():
            for sha256 in claim.photos:
                photo = self.photos.get(sha256)
                use = photo.uses.get(claim_id) if photo else None
                if photo is None or use is None or use.area_code == dossier.area_code:
                    continue
                photo.uses[claim_id] = replace(use, area_code=dossier.area_code)
                changes += self._ask_photo(sha256, heard)
        return changes

    def _ask_photo(self, sha256: str, cause: Cause) -> list[Change]:
        photo = self.photos[sha256]
        self.touched_photos.add(sha256)
        fired = check_photo(photo, self.rules)
        return list(reconcile(photo.held, fired, OF_PHOTO, whose=whose_photo(photo), cause=cause))

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


def photos_of(heard: Iterable[Heard], dossiers: Mapping[UUID, Dossier]) -> set[str]:
    """Return the photos that a batch's claims show, or showed until they were rejected, and those of who moves."""
    found: set[str] = set()
    for each in heard:
        if isinstance(each.fact, subsidy.ClaimSubmitted):
            found.update(photo.photo_sha256 for photo in each.fact.evidence)
        elif isinstance(each.fact, subsidy.ClaimRejected):
            dossier = dossiers.get(each.fact.household_id)
            claim = dossier.claims.get(each.fact.claim_id) if dossier else None
            found.update(claim.photos if claim else ())
        elif type(each.fact) in PLACING_FACTS and each.fact.household_id in dossiers:
            claims = dossiers[each.fact.household_id].claims.values()
            found.update(sha256 for claim in claims for sha256 in claim.photos)
    return found
