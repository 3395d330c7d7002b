"""Somebody of a household on another office's list: what that rules out, and how it is cleared up (数据比对)."""

from typing import Final

from contracts.values import CONFIRMED
from services.registry.domain.errors.cross_check import MatchReasonUnknown
from services.registry.domain.rule_pack import RulePack

NOT_RULED_OUT: Final = "not-ruled-out"


def rules_out(kind: str, pack: RulePack) -> bool:
    """Tell whether being on a list of this kind keeps a household off the register (两评议两公示一比对一公告)."""
    return kind in pack.ruled_out_by


def check_reason(outcome: str, reason: str, pack: RulePack) -> None:
    """Refuse to confirm a match with a reason on which no round could act; an explanation has the office's own code."""
    if outcome == CONFIRMED and reason not in {*pack.remove_reasons, *pack.correct_reasons}:
        raise MatchReasonUnknown(pointer="/reason", rule=NOT_RULED_OUT, basis=pack.basis(NOT_RULED_OUT))
