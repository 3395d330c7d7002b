"""Households on the register that stand on a list which rules them out."""

from collections.abc import Iterator

from services.supervision.domain.dossier import Dossier, is_now_on_the_register
from services.supervision.domain.finding import Firing
from services.supervision.domain.rule import RULED_OUT, Rulebook
from services.supervision.domain.words import in_chinese


def check_ruled_out(dossier: Dossier, rules: Rulebook) -> Iterator[Firing]:
    """Fire for each match of a household that is on the register, until somebody explains it."""
    if not dossier.matches or not is_now_on_the_register(dossier):
        return
    for match_id, match in dossier.matches.items():
        if match.is_explained:
            continue
        for rule in rules.in_force(RULED_OUT, match.on):
            subject = f"household/{dossier.household_id}"
            yield Firing(
                rule=rule,
                subject=subject,
                occurrence=str(match_id),
                observed=f"found on the list {match.list_kind} on {match.on}",
                expected="on no list that rules a household out, or the match explained",
                evidence=tuple(each for each in (match.event_id, match.resolved_by) if each),
                values={
                    "subject": subject,
                    "list": match.list_kind,
                    "list_zh": in_chinese([match.list_kind]),
                    "matched_on": match.on,
                },
            )
