"""What the registry says of looking at a household: visits, and finds on other offices' lists."""

from typing import Any, Final

from msgspec.structs import replace

from contracts.events import visit
from contracts.values import EXPLAINED
from services.supervision.domain.dossier import Dossier, Match, Visit
from services.supervision.domain.fold.folded import Folded
from services.supervision.domain.heard import Heard
from services.supervision.domain.rule import EXIT_CRITERIA, FRESHNESS, RULED_OUT


def _recorded(dossier: Dossier, fact: visit.VisitRecorded, heard: Heard) -> None:
    dossier.visits[fact.visit_id] = Visit(fact.visited_on, heard.event_id)


def _corrected(dossier: Dossier, fact: visit.VisitCorrected, heard: Heard) -> None:
    known = dossier.visits.get(fact.visit_id)
    if known is not None:
        known.income_fen = fact.after.per_capita_income_fen
        known.is_complete = fact.after.checks_complete
        known.corrected_by = heard.event_id


def _annulled(dossier: Dossier, fact: visit.VisitAnnulled, heard: Heard) -> None:
    known = dossier.visits.setdefault(fact.visit_id, Visit(fact.visited_on, heard.event_id))
    known.annulled_by = heard.event_id


def _matched(dossier: Dossier, fact: visit.CrossCheckMatched, heard: Heard) -> None:
    if fact.rules_out:
        dossier.matches[fact.match_id] = Match(fact.list_kind, fact.matched_on, heard.event_id)


def _resolved(dossier: Dossier, fact: visit.CrossCheckResolved, heard: Heard) -> None:
    known = dossier.matches.get(fact.match_id)
    if known is not None:
        is_explained = fact.outcome == EXPLAINED
        dossier.matches[fact.match_id] = replace(known, is_explained=is_explained, resolved_by=heard.event_id)


FOLDS: Final[dict[Any, Folded]] = {
    visit.VisitRecorded: Folded(_recorded, frozenset({FRESHNESS})),
    visit.VisitCorrected: Folded(_corrected, frozenset({EXIT_CRITERIA})),
    visit.VisitAnnulled: Folded(_annulled, frozenset({EXIT_CRITERIA, FRESHNESS})),
    visit.CrossCheckMatched: Folded(_matched, frozenset({RULED_OUT})),
    visit.CrossCheckResolved: Folded(_resolved, frozenset({RULED_OUT})),
}
