"""A round (识别, 回头看): one pass of the procedure over an area, between an opening and a closing snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contracts.events import procedure as facts
from services.registry.domain.division import CODE_LENGTH
from services.registry.domain.errors.round import RoundClosedAlready, RoundOverlaps
from services.registry.domain.rule_pack import RulePack

ONE_OPEN_ROUND: Final = "one-open-round"


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What holds of one round; its households are its entries."""

    id: UUID
    scope: str
    number: int
    kind: str
    rule_pack: str
    rule_pack_version: int
    opened_on: date
    opened_by: str
    opened_at: datetime
    opening_households: int
    opening_persons: int
    closed_on: date | None = None
    signed_off_by: str | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """A round stays open until it is signed off."""
        return self.closed_at is None

    @property
    def area_code(self) -> str:
        """The scope as a division code."""
        return self.scope.ljust(CODE_LENGTH, "0")


def do_overlap(scope: str, other: str) -> bool:
    """Two scopes overlap when one lies inside the other."""
    return scope.startswith(other) or other.startswith(scope)


def refuse_overlap(scope: str, open_scopes: Iterable[str], pack: RulePack) -> None:
    """One area has one open round, whatever the level (capabilities P1.2)."""
    for other in open_scopes:
        if do_overlap(scope, other):
            message = f"A round is open in area {other}."
            basis = pack.basis(ONE_OPEN_ROUND)
            raise RoundOverlaps(message, pointer="/scope", rule=ONE_OPEN_ROUND, basis=basis)


def refuse_closed(one: Round) -> None:
    """Nothing is added to a closed round."""
    if not one.is_open:
        raise RoundClosedAlready


def opened_fact(one: Round) -> facts.RoundOpened:
    """Return the fact that a round was opened."""
    return facts.RoundOpened(
        round_id=one.id,
        area_code=one.scope,
        number=one.number,
        kind=one.kind,
        opened_on=one.opened_on,
        households=one.opening_households,
        persons=one.opening_persons,
        rule_pack=one.rule_pack,
    )
