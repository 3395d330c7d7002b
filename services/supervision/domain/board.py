"""The board beside the desk: rounds and notices, and what the registry's late words do to a round."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from services.supervision.domain.checks.every import OF_NOTICE, OF_ROUND
from services.supervision.domain.checks.sheet import check_notice, check_round
from services.supervision.domain.dossier import Dossier, last_told
from services.supervision.domain.finding import Cause, Change, Whose, reconcile
from services.supervision.domain.fold.sheet import NOTICE_FOLDS, ROUND_FOLDS
from services.supervision.domain.heard import Heard
from services.supervision.domain.rule import Rulebook
from services.supervision.domain.sheet import Notice, Round, find_late, named_late, note_late

AREA_DIGITS: Final = 12


def full_code(area_code: str) -> str:
    """Return a division code in full length."""
    return area_code.ljust(AREA_DIGITS, "0")


@dataclass(slots=True, kw_only=True)
class Board:
    """The rounds there are, which are few, and the notices of one batch."""

    rounds: dict[UUID, Round] = field(default_factory=dict)
    notices: dict[UUID, Notice] = field(default_factory=dict)
    touched_rounds: set[UUID] = field(default_factory=set)
    touched_notices: set[UUID] = field(default_factory=set)
    holds_every_round: bool = False

    def hear_notice(self, heard: Heard, rules: Rulebook) -> list[Change]:
        """Apply what is told of a notice."""
        fact = heard.fact
        notice = self.notices.get(fact.notice_id)
        if notice is None:
            notice = self.notices[fact.notice_id] = Notice(fact.notice_id, fact.area_code)
        NOTICE_FOLDS[type(fact)](notice, fact, heard)
        return self._ask_notice(notice, rules, heard)

    def hear_round(self, heard: Heard, dossiers: Iterable[Dossier], rules: Rulebook) -> list[Change]:
        """Apply what is told of a round, and compare it with every household of which the registry spoke later."""
        fact = heard.fact
        round_ = self.rounds.get(fact.round_id)
        if round_ is None:
            round_ = self.rounds[fact.round_id] = Round(fact.round_id, fact.area_code)
        ROUND_FOLDS[type(fact)](round_, fact, heard)
        for dossier in dossiers:
            _compare(round_, dossier)
        return self._ask_round(round_, rules, heard)

    def compare(self, dossier: Dossier, cause: Cause, rules: Rulebook) -> list[Change]:
        """Let every closed round know what the registry has just said of a household."""
        changes: list[Change] = []
        for round_ in self.rounds.values():
            if _compare(round_, dossier):
                changes += self._ask_round(round_, rules, cause)
        return changes

    def ask_rounds(self, cause: Cause, rules: Rulebook) -> list[Change]:
        """Ask the rules again about every round."""
        rounds = sorted(self.rounds)
        return [change for each in rounds for change in self._ask_round(self.rounds[each], rules, cause)]

    def ask_notices(self, notices: Iterable[UUID], cause: Cause, rules: Rulebook) -> list[Change]:
        """Ask the rules again about some notices."""
        found = sorted(notices)
        return [change for each in found for change in self._ask_notice(self.notices[each], rules, cause)]

    def clear(self) -> None:
        """Take the notices off; the rounds stay, as the next batch needs them again."""
        for pile in (self.notices, self.touched_rounds, self.touched_notices):
            pile.clear()

    def _ask_round(self, round_: Round, rules: Rulebook, cause: Cause) -> list[Change]:
        self.touched_rounds.add(round_.round_id)
        whose = Whose(area_code=full_code(round_.area_code), households=tuple(sorted(named_late(round_))))
        return list(reconcile(round_.held, check_round(round_, rules), OF_ROUND, whose=whose, cause=cause))

    def _ask_notice(self, notice: Notice, rules: Rulebook, cause: Cause) -> list[Change]:
        self.touched_notices.add(notice.notice_id)
        whose = Whose(area_code=full_code(notice.area_code), households=())
        return list(reconcile(notice.held, check_notice(notice, rules), OF_NOTICE, whose=whose, cause=cause))


def _compare(round_: Round, dossier: Dossier) -> bool:
    """Note what a household adds to a round, and tell whether that is news."""
    known = round_.late.get(dossier.household_id)
    told, closing = last_told(dossier), round_.closing
    if known is None and (told is None or closing is None or told <= closing.told_by):
        return False
    late = find_late(round_, dossier)
    if late == known:
        return False
    note_late(round_, dossier.household_id, late)
    return True
