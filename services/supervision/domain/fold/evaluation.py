"""What the registry says of meetings: one fact about many households, of which each dossier keeps its own."""

from collections.abc import Callable
from typing import Any, Final

from contracts.events import procedure
from services.supervision.domain.dossier import Dossier
from services.supervision.domain.heard import Heard


def _held(dossier: Dossier, fact: procedure.EvaluationHeld, _heard: Heard) -> None:
    dossier.passed.setdefault(fact.round_id, {})[fact.evaluation_id] = fact.evaluation


def _annulled(dossier: Dossier, fact: procedure.EvaluationAnnulled, _heard: Heard) -> None:
    meetings = dossier.passed.get(fact.round_id, {})
    if meetings.pop(fact.evaluation_id, None) is not None and not meetings:
        del dossier.passed[fact.round_id]


FOLDS: Final[dict[Any, Callable[[Dossier, Any, Heard], None]]] = {
    procedure.EvaluationHeld: _held,
    procedure.EvaluationAnnulled: _annulled,
}
