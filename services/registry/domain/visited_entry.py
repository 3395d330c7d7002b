"""What a visit does to the household's entry in a round: complete checks let the evaluations begin."""

from dataclasses import replace

from services.registry.domain.procedure import CHECKED, OPEN, OPENED, Entry, pass_step
from services.registry.domain.rule_pack import RulePack
from services.registry.domain.visit import Visit


def see(entry: Entry, visit: Visit, pack: RulePack) -> Entry:
    """Return the entry after a visit; until all five checks are complete it stays (五查五看).

    A later complete visit takes the place of the one before, until an evaluation rests on that.
    """
    if not visit.checks_complete or entry.outcome != OPEN:
        return entry
    if entry.step == OPENED:
        return replace(pass_step(entry, CHECKED, pack, on=visit.visited_on), visit_id=visit.id)
    if entry.step == CHECKED:
        return replace(entry, visit_id=visit.id, step_on=max(entry.step_on, visit.visited_on))
    return entry


def unsee(entry: Entry, visit: Visit, other: Visit | None) -> Entry:
    """Return the entry after a visit was annulled or is complete no more: evaluations wait again, unless one began.

    `other` is the household's last other complete visit in the round. What was evaluated is not undone here.
    """
    if entry.outcome != OPEN or entry.step != CHECKED or entry.visit_id != visit.id:
        return entry
    if other is not None:
        return replace(entry, visit_id=other.id)
    return replace(entry, step=OPENED, visit_id=None)
