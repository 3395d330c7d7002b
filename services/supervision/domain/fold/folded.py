"""What a fold is: a function that changes a dossier, and the kinds of rule that must then be asked."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from services.supervision.domain.dossier import Dossier
from services.supervision.domain.heard import Heard

NOTHING: Final[frozenset[str]] = frozenset()

Fold = Callable[[Dossier, Any, Heard], None]


class Folded(NamedTuple):
    """How an event type changes a dossier, and which kinds of rule must then be asked again."""

    fold: Fold
    kinds: frozenset[str]
