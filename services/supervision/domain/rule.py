"""Rules as data: code knows the kinds of rule, a version says the numbers and since when they hold."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from string import Template
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta, Struct

from contracts.values import ACCEPTED, HOUSE_STAGES, PROGRAMME_KINDS
from contracts.values import EVALUATIONS as MEETINGS

DEADLINE: Final = "deadline"
ELIGIBILITY: Final = "eligibility-at-time"
THREE_WAY: Final = "three-way-match"
CAP: Final = "cap"
SEQUENCE: Final = "sequence"
DUPLICATE: Final = "duplicate"
FLOOR: Final = "floor"
EVALUATIONS: Final = "evaluations-held"
EXIT_CRITERIA: Final = "exit-criteria"
FRESHNESS: Final = "freshness"
RULED_OUT: Final = "ruled-out"
ADDITIVITY: Final = "additivity"
NOTICE_PERIOD: Final = "notice-period"

SUBMITTED: Final = "submitted"
APPROVED: Final = "approved"
PAID: Final = "paid"
# The steps that a deadline can count from and to, in their order.
STEPS: Final = {"claim": (SUBMITTED, ACCEPTED, APPROVED, PAID), "house": HOUSE_STAGES}

MAX_M2: Final = 1000
MAX_FEN: Final = 10**15
AREA_RULE: Final = f"An area a person is above 0 and at most {MAX_M2} m2, with at most two decimal places."
SUM_RULE: Final = f"A sum is at most {MAX_FEN} fen."
_PLAIN = re.compile(r"[0-9]+(\.[0-9]{1,2})?")


class Deadline(Struct, frozen=True, forbid_unknown_fields=True):
    """One step of a claim or house must be followed by another within so many days."""

    subject: Literal["claim", "house"]
    since: str
    until: str
    days: Annotated[int, Meta(ge=0, le=36_500)]


class Eligibility(Struct, frozen=True, forbid_unknown_fields=True):
    """Whoever is paid stands on the register on the day of payment."""


class ThreeWay(Struct, frozen=True, forbid_unknown_fields=True):
    """What was granted, what was ordered and what the bank credited are the same sum."""

    tolerance_fen: Annotated[int, Meta(ge=0)] = 0


class Cap(Struct, frozen=True, forbid_unknown_fields=True):
    """A finished house has at most so many square metres a person."""

    m2_per_person: Decimal


class Sequence(Struct, frozen=True, forbid_unknown_fields=True):
    """Money for a stage follows the stage."""


class Duplicate(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo proves one claim only."""


class Floor(Struct, frozen=True, forbid_unknown_fields=True):
    """Whoever stands on the register at year end was paid at least so much for that year by one kind of programme."""

    amount_fen: Annotated[int, Meta(ge=0)]
    programme_kind: str


class Evaluations(Struct, frozen=True, forbid_unknown_fields=True):
    """Who was registered by the procedure passed these evaluations in one round, so many days later at the latest."""

    evaluations: Annotated[tuple[str, ...], Meta(min_length=1)]
    grace_days: Annotated[int, Meta(ge=0, le=36_500)] = 0


class ExitCriteria(Struct, frozen=True, forbid_unknown_fields=True):
    """Who exits has an income above the line, the assurances, the guarantees, and has signed."""


class Freshness(Struct, frozen=True, forbid_unknown_fields=True):
    """Whoever is on the register was looked at within so many days."""

    days: Annotated[int, Meta(ge=1, le=36_500)]


class RuledOut(Struct, frozen=True, forbid_unknown_fields=True):
    """Nobody on the register stands on a list that rules a household out, unless that is explained."""


class Additivity(Struct, frozen=True, forbid_unknown_fields=True):
    """A round closes with what it opened with and what changed, also as known later."""


class NoticePeriod(Struct, frozen=True, forbid_unknown_fields=True):
    """A notice hangs as many days as were set when it was posted."""


Terms = (
    Deadline
    | Eligibility
    | ThreeWay
    | Cap
    | Sequence
    | Duplicate
    | Floor
    | Evaluations
    | ExitCriteria
    | Freshness
    | RuledOut
    | Additivity
    | NoticePeriod
)
TERMS: Final[dict[str, Any]] = {
    DEADLINE: Deadline,
    ELIGIBILITY: Eligibility,
    THREE_WAY: ThreeWay,
    CAP: Cap,
    SEQUENCE: Sequence,
    DUPLICATE: Duplicate,
    FLOOR: Floor,
    EVALUATIONS: Evaluations,
    EXIT_CRITERIA: ExitCriteria,
    FRESHNESS: Freshness,
    RULED_OUT: RuledOut,
    ADDITIVITY: Additivity,
    NOTICE_PERIOD: NoticePeriod,
}
KINDS: Final = frozenset(TERMS)


class Fault(NamedTuple):
    """A parameter that no rule may have, and what holds for it."""

    name: str
    rule: str


def fault_of(terms: Any) -> Fault | None:
    """Return what is wrong with a kind's parameters although their types fit: a number beyond its bounds, a word unknown.

    It is asked when a version is published only: what was published stays readable.
    """
    match terms:
        case Cap(m2_per_person=m2) if not (_PLAIN.fullmatch(str(m2)) and 0 < m2 <= MAX_M2):
            return Fault("m2_per_person", AREA_RULE)
        case Floor(amount_fen=fen) if fen > MAX_FEN:
            return Fault("amount_fen", SUM_RULE)
        case ThreeWay(tolerance_fen=fen) if fen > MAX_FEN:
            return Fault("tolerance_fen", SUM_RULE)
    return _unknown_word(terms)


def _unknown_word(terms: Any) -> Fault | None:
    match terms:
        case Deadline():
            return _unknown_step(terms)
        case Floor(programme_kind=kind) if kind not in PROGRAMME_KINDS:
            return Fault("programme_kind", _one_of(PROGRAMME_KINDS))
        case Evaluations(evaluations=wanted):
            unknown = (place for place, word in enumerate(wanted) if word not in MEETINGS)
            return next((Fault(f"evaluations/{place}", _one_of(MEETINGS)) for place in unknown), None)
    return None


def _unknown_step(terms: Deadline) -> Fault | None:
    *beginnings, _ = steps = STEPS[terms.subject]
    if terms.since not in beginnings:
        return Fault("since", _one_of(beginnings))
    later = steps[steps.index(terms.since) + 1 :]
    return None if terms.until in later else Fault("until", _one_of(later))


def _one_of(words: Iterable[str]) -> str:
    return f"The word is one of {', '.join(words)}."


def can_be_asked(terms: Any) -> bool:
    """Tell whether parameters mean something: no area compares with NaN, and nobody takes a misspelt step."""
    if isinstance(terms, Cap):
        return terms.m2_per_person.is_finite() and abs(terms.m2_per_person) <= MAX_M2
    return _unknown_word(terms) is None


class Rule(Struct, frozen=True, kw_only=True):
    """One version of one rule, with the document it rests on."""

    code: str
    version: int
    kind: str
    terms: Any
    severity: str
    effective_from: date
    effective_to: date | None
    basis_document: str
    explanation: dict[str, str]

    def is_in_force(self, on: date) -> bool:
        """Tell whether this version holds for what happened on a day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def explain(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the explanation in each language, the values filled in."""
        return {
            language: Template(text).safe_substitute(values) for language, text in self.explanation.items()
        }


class Rulebook:
    """Every adopted version, asked by kind and day: the highest version in force on the day holds.

    A version that means nothing is left out, so that it keeps no other from being asked.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_kind: dict[str, dict[str, list[Rule]]] = {kind: {} for kind in KINDS}
        for rule in sorted(rules, key=lambda one: -one.version):
            if can_be_asked(rule.terms):
                self._by_kind[rule.kind].setdefault(rule.code, []).append(rule)
        # Asked for every event, and there are few days: worth remembering.
        self._in_force: dict[tuple[str, date], tuple[Rule, ...]] = {}
        self._deadlines = {
            subject: tuple(
                tuple(versions)
                for versions in self._by_kind[DEADLINE].values()
                if any(rule.terms.subject == subject for rule in versions)
            )
            for subject in ("claim", "house")
        }

    def in_force(self, kind: str, on: date) -> tuple[Rule, ...]:
        """Return the version of each rule of a kind that holds for what happened on a day."""
        known = self._in_force.get((kind, on))
        if known is None:
            found = (first_in_force(versions, on) for versions in self._by_kind[kind].values())
            known = self._in_force[kind, on] = tuple(rule for rule in found if rule is not None)
        return known

    def deadlines(self, subject: str) -> tuple[tuple[Rule, ...], ...]:
        """Return the deadline rules that are or were for claims or houses, each as its versions, the newest first."""
        return self._deadlines[subject]


def first_in_force(versions: Iterable[Rule], on: date) -> Rule | None:
    """Return the version that holds for what happened on a day, of versions with the newest first."""
    return next((rule for rule in versions if rule.is_in_force(on)), None)


def terms_of(kind: str, parameters: Mapping[str, Any]) -> Any:
    """Return a kind's parameters, checked; msgspec.ValidationError where they do not fit."""
    return msgspec.convert(parameters, TERMS[kind], strict=True)
