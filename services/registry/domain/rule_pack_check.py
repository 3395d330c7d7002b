"""Whether a rule pack is one that the procedure can run on: each fault with its place and its rule."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

import msgspec

from chassis.errors import FieldError
from contracts.roles import CLERK, OFFICER, VILLAGE_COMMITTEE, WORK_TEAM
from contracts.values import CROSS_CHECK_KINDS, DETERMINATIONS, EVALUATIONS, NOTICE_KINDS
from services.registry.domain.area_exit import FURTHER, is_share
from services.registry.domain.division import COUNTY, DIGITS, TOWNSHIP, VILLAGE
from services.registry.domain.errors.rule_pack import RulePackInvalid
from services.registry.domain.pointer import shape_fault
from services.registry.domain.rule_pack import DIBAO_LINE, POVERTY_LINE, AreaExitRule, RulePack

ROOT: Final = "/content"
FIVE_CHECKS: Final = ("income", "housing", "property", "family", "production")
EXIT_LEVELS: Final = (VILLAGE, TOWNSHIP, COUNTY)
# The bodies of the county procedure: nobody else could make a determination.
DETERMINING: Final = (VILLAGE_COMMITTEE, WORK_TEAM, CLERK, OFFICER)
HUNDRED: Final = 100
# So far and no further: beyond it no day can be counted and no amount be compared.
MAX_DAYS: Final = 366
MAX_MONTHS: Final = 1_200
MAX_COUNT: Final = 1_000_000
MAX_FEN: Final = 10_000_000_000
MAX_CODE: Final = 40
# Set beside the content, or only by packs that come with the service.
NOT_CONTENT: Final = ("code", "version", "title", "document", "adopted_from")
LINE_RULE: Final = {POVERTY_LINE: "poverty-line", DIBAO_LINE: "dibao-line"}
# Rules whose numbers are the pack's: each names the document that its number stands in.
RULES_WITH_NUMBERS: Final = (
    "evaluation-quorum",
    "notice-days",
    "visit-team",
    "exit-criteria",
    "policies-kept-after-exit",
    "income-stability",
    "record-fresh",
    "key-village",
)
_CODE = re.compile(r"[a-z]+(-[a-z]+)*")
_FRACTION = re.compile(r"[0-9]{1,3}/[0-9]{1,3}|[01]")


def make_pack(content: Mapping[str, Any], base: RulePack | None, **head: Any) -> RulePack:
    """Return a pack from its content and its head, what is left out taken from the base; or refuse it by each fault.

    Documents are added to those of the base, every other field replaces the base's.
    """
    foreign = [name for name in NOT_CONTENT if name in content]
    if foreign:
        raise RulePackInvalid(
            errors=[
                FieldError(f"{ROOT}/{name}", "not-content", "The field is not content.") for name in foreign
            ]
        )
    stated = {} if base is None else msgspec.to_builtins(base)
    documents = content.get("documents")
    if isinstance(documents, Mapping):
        content = {**content, "documents": {**stated.get("documents", {}), **documents}}
    try:
        pack = msgspec.convert({**stated, **content, **head, "adopted_from": None}, RulePack)
    except msgspec.ValidationError as error:
        raise RulePackInvalid(errors=[shape_fault(error, ROOT)]) from None
    errors = list(find_faults(pack))
    if errors:
        raise RulePackInvalid(errors=errors)
    return pack


def find_faults(pack: RulePack) -> Iterator[FieldError]:
    """Yield what is wrong with a pack."""
    yield from _lines(pack)
    yield from _evaluations(pack)
    yield from _determinations(pack)
    yield from _notices(pack)
    yield from _word_lists(pack)
    yield from _numbers(pack)
    yield from _area_exits(pack)
    yield from _documents(pack)


def _lines(pack: RulePack) -> Iterator[FieldError]:
    counted = Counter((line.kind, line.year, line.area) for line in pack.lines)
    for index, line in enumerate(pack.lines):
        if line.kind not in LINE_RULE:
            yield _fault(f"lines/{index}/kind", "line-unknown", f"A line is one of {', '.join(LINE_RULE)}.")
        if not 0 < line.amount_fen <= MAX_FEN:
            yield _fault(f"lines/{index}/amount_fen", "out-of-range", "A line is more than nothing.")
        if line.area and not _is_area(line.area):
            yield _fault(f"lines/{index}/area", "area-invalid", "An area has 2, 4, 6, 9 or 12 digits.")
        if counted[line.kind, line.year, line.area] > 1:
            yield _fault(f"lines/{index}", "line-duplicate", "A year and area has one line of a kind.")
    if not any(line.kind == POVERTY_LINE and not line.area for line in pack.lines):
        yield _fault("lines", "line-missing", "A pack has a poverty line for every area.")


def _is_area(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) in DIGITS.values()


def _evaluations(pack: RulePack) -> Iterator[FieldError]:
    """Three evaluations in their order; nobody can agree by more than all, nor meet as nobody (三评)."""
    yield from _order("evaluations", [rule.evaluation for rule in pack.evaluations], EVALUATIONS)
    for index, rule in enumerate(pack.evaluations):
        quorum, majority = _fraction(rule.quorum), _fraction(rule.majority)
        if quorum is None or not 0 < quorum <= 1:
            message = "A quorum is a fraction above 0 and up to 1, such as 2/3."
            yield _fault(f"evaluations/{index}/quorum", "fraction-invalid", message)
        if majority is None or not 0 <= majority < 1:
            message = "More than the majority must agree: a fraction from 0 to below 1, such as 1/2."
            yield _fault(f"evaluations/{index}/majority", "fraction-invalid", message)


def _determinations(pack: RulePack) -> Iterator[FieldError]:
    """Four determinations in their order, each by another role (四定)."""
    yield from _order("determinations", [rule.determination for rule in pack.determinations], DETERMINATIONS)
    counted = Counter(rule.role for rule in pack.determinations)
    for index, rule in enumerate(pack.determinations):
        if rule.role not in DETERMINING:
            message = f"A determination is made by one of {', '.join(DETERMINING)}."
            yield _fault(f"determinations/{index}/role", "role-unknown", message)
        elif counted[rule.role] > 1:
            yield _fault(f"determinations/{index}/role", "role-duplicate", "Another role makes each one.")


def _notices(pack: RulePack) -> Iterator[FieldError]:
    if set(pack.notice_days) != set(NOTICE_KINDS):
        yield _fault("notice_days", "notices-differ", f"Notices are {', '.join(NOTICE_KINDS)}.")
    for kind, days in pack.notice_days.items():
        yield from _between(f"notice_days/{kind}", days, 1, MAX_DAYS)


def _word_lists(pack: RulePack) -> Iterator[FieldError]:
    yield from _words("checks", pack.checks, known=FIVE_CHECKS)
    yield from _words("ruled_out_by", pack.ruled_out_by, known=CROSS_CHECK_KINDS, may_be_empty=True)
    for name in ("add_reasons", "remove_reasons", "correct_reasons", "turn_down_reasons"):
        yield from _words(name, getattr(pack, name))
    yield from _words("exit/assurances", pack.exit.assurances)
    yield from _words("exit/guarantees", pack.exit.guarantees)


def _words(
    name: str, words: Iterable[str], *, known: tuple[str, ...] = (), may_be_empty: bool = False
) -> Iterator[FieldError]:
    counted = Counter(words)
    if not counted and not may_be_empty:
        yield _fault(name, "list-empty", "The list needs a word.")
    for word, times in counted.items():
        if known and word not in known:
            yield _fault(name, "word-unknown", f"The words are {', '.join(known)}.")
        elif not _CODE.fullmatch(word) or len(word) > MAX_CODE:
            message = f"A word is a code of small letters and hyphens, up to {MAX_CODE}."
            yield _fault(name, "code-invalid", message)
        if times > 1:
            yield _fault(name, "word-duplicate", "A word stands in the list twice.")


def _numbers(pack: RulePack) -> Iterator[FieldError]:
    yield from _between("visit_team_min", pack.visit_team_min, 1, MAX_COUNT)
    yield from _between("exit/policy_kept_months", pack.exit.policy_kept_months, 0, MAX_MONTHS)
    yield from _between("stability/looks", pack.stability.looks, 1, MAX_COUNT)
    yield from _between("freshness_months", pack.freshness_months, 1, MAX_MONTHS)
    yield from _between("key_village_above_households", pack.key_village_above_households, 0, MAX_COUNT)
    yield from _percent("stability/earned_share_percent", pack.stability.earned_share_percent)


def _area_exits(pack: RulePack) -> Iterator[FieldError]:
    counted = Counter(rule.level for rule in pack.area_exits)
    for index, rule in enumerate(pack.area_exits):
        place = f"area_exits/{index}"
        if rule.level not in EXIT_LEVELS:
            yield _fault(f"{place}/level", "level-unknown", f"A level is one of {', '.join(EXIT_LEVELS)}.")
        if counted[rule.level] > 1:
            yield _fault(place, "level-duplicate", "A level has one rule of exit.")
        yield from _between(f"{place}/notice_days", rule.notice_days, 1, MAX_DAYS)
        yield from _percent(f"{place}/max_incidence_percent", rule.max_incidence_percent)
        yield from _words(f"{place}/further", rule.further, known=FURTHER, may_be_empty=True)
        yield from _limits(f"{place}/limits", rule)


def _limits(place: str, rule: AreaExitRule) -> Iterator[FieldError]:
    """A limit belongs to a further criterion that is a share to reach."""
    for code, limit in rule.limits.items():
        if code not in rule.further or not is_share(code):
            yield _fault(
                f"{place}/{code}", "word-unknown", "The criterion is no share among the further ones."
            )
        yield from _percent(f"{place}/{code}", limit)


def _documents(pack: RulePack) -> Iterator[FieldError]:
    """Every number says in which document it stands."""
    needed = [*RULES_WITH_NUMBERS, *(["area-exit-criteria"] if pack.area_exits else [])]
    needed += [rule for kind, rule in LINE_RULE.items() if any(line.kind == kind for line in pack.lines)]
    for rule in needed:
        if not pack.documents.get(rule, "").strip():
            yield _fault(f"documents/{rule}", "document-missing", "The rule's numbers need their document.")


def _order(name: str, stated: list[str], known: tuple[str, ...]) -> Iterator[FieldError]:
    if tuple(stated) != known:
        yield _fault(name, "order-differs", f"Each stands once, in this order: {', '.join(known)}.")


def _between(name: str, number: int, least: int, most: int) -> Iterator[FieldError]:
    if not least <= number <= most:
        yield _fault(name, "out-of-range", f"The number is from {least} to {most}.")


def _percent(name: str, text: str) -> Iterator[FieldError]:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not (number.is_finite() and 0 <= number <= HUNDRED):
        yield _fault(name, "percent-invalid", "A share is a decimal string from 0 to 100.")


def _fraction(text: str) -> Fraction | None:
    if not _FRACTION.fullmatch(text) or text.endswith("/0"):
        return None
    return Fraction(text)


def _fault(place: str, code: str, message: str) -> FieldError:
    return FieldError(f"{ROOT}/{place}", code, message)
