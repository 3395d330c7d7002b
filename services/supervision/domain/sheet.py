"""What supervision knows of a round and of a public notice: each a sheet of its own beside the dossiers.

The registry signs a round off with counts. What it records after that about a day inside the round is late: it makes
the round's numbers as now known differ from the numbers as closed, until the round is stated anew.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct, field

from contracts.events.procedure import RoundCounts
from contracts.values import ON_THE_REGISTER, WITHDRAWN
from services.supervision.domain.dossier import Dossier, Standing
from services.supervision.domain.finding import Finding

NAMED_AT_MOST: Final = 100


class Late(Struct, frozen=True, gc=False):
    """What one household adds to a round's closing numbers, as known only later."""

    households: int
    persons: int
    events: tuple[UUID, ...]


class Closing(Struct, frozen=True, gc=False):
    """A round's numbers on its closing day, and the event that last stated them."""

    on: date
    counts: RoundCounts
    told_by: UUID


class Round(Struct, omit_defaults=True, gc=False):
    """A round, its closing as last stated, and what households add to that as known only later."""

    round_id: UUID
    area_code: str
    closing: Closing | None = None
    late: dict[UUID, Late] = field(default_factory=dict)
    late_households: int = 0
    late_persons: int = 0
    held: dict[str, Finding] = field(default_factory=dict)


class Hanging(Struct, frozen=True, gc=False):
    """How long a notice hung, by what one event says; its days may count from a recording later than the posting."""

    posted_on: date
    down_on: date
    min_days: int
    event_id: UUID
    closes_on: date | None = None

    @property
    def until(self) -> date:
        """The day on which its minimum was full: what the registry counted, but never less than the days from the posting."""
        from_posting = self.posted_on + timedelta(days=self.min_days)
        return max(from_posting, self.closes_on or from_posting)


class Notice(Struct, omit_defaults=True, gc=False):
    """A public notice: how it ended, and whether it still counts."""

    notice_id: UUID
    area_code: str
    closed: Hanging | None = None
    cut: Hanging | None = None
    is_void: bool = False
    held: dict[str, Finding] = field(default_factory=dict)


def note_late(round_: Round, household_id: UUID, late: Late | None) -> None:
    """Keep what a household adds to a round, and the sums, which are asked for after every late fact."""
    before = round_.late.pop(household_id, None)
    if before is not None:
        round_.late_households -= before.households
        round_.late_persons -= before.persons
    if late is not None:
        round_.late[household_id] = late
        round_.late_households += late.households
        round_.late_persons += late.persons


def named_late(round_: Round) -> Mapping[UUID, Late]:
    """Return the late households one by one, unless they are too many to be named in a finding."""
    return round_.late if len(round_.late) <= NAMED_AT_MOST else {}


def find_late(round_: Round, dossier: Dossier) -> Late | None:
    """Return what a household adds to a closed round by what was recorded after its counting, if anything.

    Event ids grow with the time of recording (UUIDv7), so they tell earlier from later however the events arrive.
    """
    closing = round_.closing
    if closing is None:
        return None
    counted = _persons_in(round_.area_code, dossier, closing.on, told_by=closing.told_by)
    known = _persons_in(round_.area_code, dossier, closing.on, told_by=None)
    if counted == known:
        return None
    return Late(
        households=(known is not None) - (counted is not None),
        persons=(known or 0) - (counted or 0),
        events=_told_later(dossier, closing),
    )


def _persons_in(area_code: str, dossier: Dossier, day: date, *, told_by: UUID | None) -> int | None:
    """Return a household's persons on a day by what was told until an event; None when it did not count there."""
    standings = [one for one in dossier.standings if told_by is None or one.event_id <= told_by]
    if _status(standings, day) not in ON_THE_REGISTER:
        return None
    village, persons = _profile(dossier, day, told_by)
    return persons if village.startswith(area_code) else None


def _status(standings: list[Standing], day: date) -> str | None:
    if any(one.status == WITHDRAWN for one in standings):
        return WITHDRAWN
    begun = [one for one in standings if one.since <= day]
    return max(begun, key=lambda one: (one.since, one.event_id)).status if begun else None


def _profile(dossier: Dossier, day: date, told_by: UUID | None) -> tuple[str, int]:
    """Return village and persons of a day: the last that was told of it holds, as in the registry."""
    told = [one for one in dossier.restatements if told_by is None or one.event_id <= told_by]
    profile = next((one.after for one in reversed(told) if one.on <= day), None)
    if profile is None and dossier.restatements:
        profile = dossier.restatements[0].before
    return (profile.village_code, profile.persons) if profile else (dossier.area_code, dossier.persons)


def _told_later(dossier: Dossier, closing: Closing) -> tuple[UUID, ...]:
    stood = [one.event_id for one in dossier.standings if one.since <= closing.on or one.status == WITHDRAWN]
    restated = [one.event_id for one in dossier.restatements if one.on <= closing.on]
    return tuple(sorted(event_id for event_id in stood + restated if event_id > closing.told_by))
