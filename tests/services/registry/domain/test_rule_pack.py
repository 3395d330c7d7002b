"""Rule packs: what a faulty one is refused for, and what those that come with the service hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from chassis.errors import Forbidden
from contracts.values import NOTICE_KINDS
from services.registry.domain.errors.rule_pack import (
    RulePackDayUsed,
    RulePackInForce,
    RulePackInvalid,
    RulePackNotReviewed,
    RulePackReviewed,
    RulePackReviewedByProposer,
)
from services.registry.domain.rule_pack import DIBAO_LINE, POVERTY_LINE
from services.registry.domain.rule_pack_check import find_faults, make_pack
from services.registry.domain.rule_pack_state import (
    DRAFT,
    REVIEWED,
    PackVersion,
    check_activation,
    check_change,
    check_review,
)
from services.registry.rules import shipped_packs

BASE = shipped_packs()["national-2014"]
HEAD = {"code": "county", "version": 3, "title": "t", "document": "d"}
DRAFTED = PackVersion(pack=BASE, scope="532930", proposed_by="officer-1")
DONE = replace(DRAFTED, reviewed_by="officer-2")
Change = Callable[[dict[str, Any]], object]


def content() -> dict[str, Any]:
    """Return the whole content of a pack."""
    stated: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(BASE))
    for name in ("code", "version", "title", "document", "adopted_from"):
        del stated[name]
    return stated


def faults(stated: dict[str, Any], **head: Any) -> set[tuple[str, str]]:
    """Return where a content is refused, and by which rule."""
    with pytest.raises(RulePackInvalid) as refused:
        make_pack(stated, None, **(HEAD | head))
    return {(error.pointer, error.code) for error in refused.value.errors}


@pytest.mark.parametrize("code", sorted(shipped_packs()))
def test_a_shipped_pack_has_no_fault_and_a_document_for_every_number(code: str) -> None:
    assert list(find_faults(shipped_packs()[code])) == []


def test_the_shipped_packs_say_what_their_documents_say() -> None:
    packs = shipped_packs()

    assert {code: pack.notice_days["first-notice"] for code, pack in packs.items()} == {
        "national-2014": 7,
        "national-2016": 7,
        "yunnan-2015": 5,
        "yunnan-2016": 5,
    }
    assert {code: pack.adopted_from for code, pack in packs.items()} == {
        "national-2014": date(2014, 1, 1),
        "national-2016": date(2016, 4, 23),
        "yunnan-2015": None,
        "yunnan-2016": None,
    }
    exits = {
        code: {rule.level: rule.max_incidence_percent for rule in pack.area_exits}
        for code, pack in packs.items()
    }
    assert exits == {
        "national-2014": {"village": "3", "county": "3"},
        "national-2016": {"village": "3", "county": "3"},
        "yunnan-2015": {},
        "yunnan-2016": {"village": "7", "township": "5"},
    }
    assert len(packs["yunnan-2015"].exit.assurances) == 8
    assert len(packs["yunnan-2015"].exit.guarantees) == 5


def test_a_whole_content_makes_the_pack_that_was_meant() -> None:
    made = make_pack(content(), None, **HEAD)

    assert made == msgspec.structs.replace(BASE, **HEAD, adopted_from=None)


def test_what_is_left_out_comes_from_the_base_and_documents_are_added() -> None:
    lines = [*content()["lines"], {"kind": "dibao", "year": 2016, "area": "532930", "amount_fen": 250_000}]

    made = make_pack({"lines": lines, "documents": {"dibao-line": "洱民发"}}, BASE, **HEAD)

    assert made.line_fen(DIBAO_LINE, 2016, "532930101201") == 250_000
    assert made.line_fen(DIBAO_LINE, 2016, "110109101201") is None
    assert made.line_fen(POVERTY_LINE, 2016, "532930101201") == 295_200
    assert made.documents == {**BASE.documents, "dibao-line": "洱民发"}
    assert made.adopted_from is None


WRONG: list[tuple[str, Change, str, str]] = [
    ("a line of another kind", lambda c: c["lines"][0].update(kind="rent"), "/lines/0/kind", "line-unknown"),
    ("a line of nothing", lambda c: c["lines"][0].update(amount_fen=0), "/lines/0/amount_fen", "out-of-range"),
    ("a line for no area", lambda c: c["lines"][0].update(area="5"), "/lines/0/area", "area-invalid"),
    ("a line twice", lambda c: c["lines"].append(c["lines"][0]), "/lines/4", "line-duplicate"),
    ("no poverty line", lambda c: c.update(lines=[]), "/lines", "line-missing"),
    ("an evaluation less", lambda c: c["evaluations"].pop(), "/evaluations", "order-differs"),
    ("another order", lambda c: c["evaluations"].reverse(), "/evaluations", "order-differs"),
    ("no quorum", lambda c: c["evaluations"][0].update(quorum="0"), "/evaluations/0/quorum", "fraction-invalid"),
    ("too large", lambda c: c["evaluations"][0].update(quorum="3/2"), "/evaluations/0/quorum", "fraction-invalid"),
    ("by nothing", lambda c: c["evaluations"][0].update(quorum="1/0"), "/evaluations/0/quorum", "fraction-invalid"),
    ("no number", lambda c: c["evaluations"][0].update(quorum="half"), "/evaluations/0/quorum", "fraction-invalid"),
    ("more than all", lambda c: c["evaluations"][1].update(majority="1"), "/evaluations/1/majority", "fraction-invalid"),
    ("a determination less", lambda c: c["determinations"].pop(), "/determinations", "order-differs"),
    ("no role", lambda c: c["determinations"][0].update(role="king"), "/determinations/0/role", "role-unknown"),
    ("a role outside the procedure", lambda c: c["determinations"][0].update(role="bank"), "/determinations/0/role", "role-unknown"),
    ("one role twice", lambda c: c["determinations"][0].update(role="clerk"), "/determinations/0/role", "role-duplicate"),
    ("a notice less", lambda c: c["notice_days"].popitem(), "/notice_days", "notices-differ"),
    ("no notice day", lambda c: c["notice_days"].update({"first-notice": 0}), "/notice_days/first-notice", "out-of-range"),
    ("days without end", lambda c: c["notice_days"].update({"first-notice": 367}), "/notice_days/first-notice", "out-of-range"),
    ("nobody visits", lambda c: c.update(visit_team_min=0), "/visit_team_min", "out-of-range"),
    ("no check", lambda c: c.update(checks=[]), "/checks", "list-empty"),
    ("another check", lambda c: c["checks"].append("looks"), "/checks", "word-unknown"),
    ("another list", lambda c: c["ruled_out_by"].append("gossip"), "/ruled_out_by", "word-unknown"),
    ("a sentence", lambda c: c["add_reasons"].append("He is poor"), "/add_reasons", "code-invalid"),
    ("a long code", lambda c: c["remove_reasons"].append("x" * 41), "/remove_reasons", "code-invalid"),
    ("a word twice", lambda c: c["correct_reasons"].append("persons-changed"), "/correct_reasons", "word-duplicate"),
    ("no reason", lambda c: c.update(turn_down_reasons=[]), "/turn_down_reasons", "list-empty"),
    ("no assurance", lambda c: c["exit"].update(assurances=[]), "/exit/assurances", "list-empty"),
    ("no guarantee", lambda c: c["exit"].update(guarantees=[]), "/exit/guarantees", "list-empty"),
    ("less than none", lambda c: c["exit"].update(policy_kept_months=-1), "/exit/policy_kept_months", "out-of-range"),
    ("another level", lambda c: c["area_exits"][0].update(level="province"), "/area_exits/0/level", "level-unknown"),
    ("a level twice", lambda c: c["area_exits"].append(c["area_exits"][0]), "/area_exits/0", "level-duplicate"),
    ("above all", lambda c: c["area_exits"][0].update(max_incidence_percent="100.1"), "/area_exits/0/max_incidence_percent", "percent-invalid"),
    ("not a number", lambda c: c["area_exits"][0].update(max_incidence_percent="NaN"), "/area_exits/0/max_incidence_percent", "percent-invalid"),
    ("a limit of nothing", lambda c: c["area_exits"][0].update(limits={"coverage": "90"}), "/area_exits/0/limits/coverage", "word-unknown"),
    ("a limit above all", lambda c: c["area_exits"][0].update(further=["coverage"], limits={"coverage": "101"}), "/area_exits/0/limits/coverage", "percent-invalid"),
    ("a criterion that nobody can state", lambda c: c["area_exits"][0].update(further=["fair-weather"]), "/area_exits/0/further", "word-unknown"),
    ("a yes for a share", lambda c: c["area_exits"][0].update(further=["coverage"], limits={"coverage": "yes"}), "/area_exits/0/limits/coverage", "percent-invalid"),
    ("a share for a yes", lambda c: c["area_exits"][0].update(further=["collective-economy"], limits={"collective-economy": "50"}), "/area_exits/0/limits/collective-economy", "word-unknown"),
    ("no day of exit", lambda c: c["area_exits"][0].update(notice_days=0), "/area_exits/0/notice_days", "out-of-range"),
    ("no limit", lambda c: c["area_exits"][0].update(further=["coverage"], limits={"coverage": "5%"}), "/area_exits/0/limits/coverage", "percent-invalid"),
    ("no look", lambda c: c["stability"].update(looks=0), "/stability/looks", "out-of-range"),
    ("no share", lambda c: c["stability"].update(earned_share_percent="x"), "/stability/earned_share_percent", "percent-invalid"),
    ("stale at once", lambda c: c.update(freshness_months=0), "/freshness_months", "out-of-range"),
    ("fewer than none", lambda c: c.update(key_village_above_households=-1), "/key_village_above_households", "out-of-range"),
    ("no document", lambda c: c["documents"].pop("notice-days"), "/documents/notice-days", "document-missing"),
    ("an empty document", lambda c: c["documents"].update({"key-village": " "}), "/documents/key-village", "document-missing"),
    ("a line without document", lambda c: c["documents"].pop("poverty-line"), "/documents/poverty-line", "document-missing"),
    ("no document of areas", lambda c: c["documents"].pop("area-exit-criteria"), "/documents/area-exit-criteria", "document-missing"),
    ("a field less", lambda c: c.pop("lines"), "", "shape"),
    ("a field more", lambda c: c.update(weather="fair"), "", "shape"),
    ("a field more inside", lambda c: c["lines"][1].update(why="x"), "/lines/1", "shape"),
    ("text for a number", lambda c: c["lines"][1].update(amount_fen="280000"), "/lines/1/amount_fen", "shape"),
    ("a number for text", lambda c: c["evaluations"][1].update(quorum=0.5), "/evaluations/1/quorum", "shape"),
    ("its own code", lambda c: c.update(code="other"), "/code", "not-content"),
    ("its own day", lambda c: c.update(adopted_from="2014-01-01"), "/adopted_from", "not-content"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "pointer", "code"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_a_fault_is_named_by_its_place_and_its_rule(change: Change, pointer: str, code: str) -> None:
    stated = content()

    change(stated)

    assert (f"/content{pointer}", code) in faults(stated)


def right(change: Change) -> None:
    """Make a pack of a content that is just right."""
    stated = content()
    change(stated)
    make_pack(stated, None, **HEAD)


def test_what_lies_on_the_limit_is_right() -> None:
    right(lambda c: c["evaluations"][0].update(quorum="1", majority="0"))
    right(lambda c: c.update(notice_days=dict.fromkeys(NOTICE_KINDS, 1)))
    right(lambda c: c.update(notice_days=dict.fromkeys(NOTICE_KINDS, 366)))
    right(lambda c: c.update(ruled_out_by=[], area_exits=[], visit_team_min=1))
    right(lambda c: c["area_exits"][0].update(max_incidence_percent="100"))
    right(lambda c: c["area_exits"][0].update(further=["coverage"], limits={"coverage": "90"}))
    right(lambda c: c["area_exits"][0].update(max_incidence_percent="0"))
    right(
        lambda c: c["area_exits"][0].update(further=["income-growth-above-province", "compulsory-education"])
    )
    right(lambda c: c["exit"].update(policy_kept_months=0))
    right(lambda c: c["lines"][0].update(amount_fen=1))


def test_a_line_is_the_nearest_areas_of_the_latest_year() -> None:
    lines = [
        {"kind": "poverty", "year": 2014, "amount_fen": 1},
        {"kind": "poverty", "year": 2015, "amount_fen": 2},
        {"kind": "poverty", "year": 2015, "amount_fen": 3, "area": "532930"},
    ]
    pack = make_pack({"lines": lines}, BASE, **HEAD)

    asked = [(2013, ""), (2014, ""), (2015, ""), (2016, ""), (2015, "532930101201"), (2014, "532930101201")]

    assert [pack.line_fen("poverty", year, area) for year, area in asked] == [None, 1, 2, 2, 3, 1]


def test_a_second_person_reviews_a_draft_once() -> None:
    check_review(DRAFTED, reviewer="officer-2", area="532930")
    check_review(DRAFTED, reviewer="officer-2", area="53")

    assert (DRAFTED.state, DONE.state) == (DRAFT, REVIEWED)
    with pytest.raises(RulePackReviewedByProposer):
        check_review(DRAFTED, reviewer="officer-1", area="532930")
    with pytest.raises(RulePackReviewed):
        check_review(DONE, reviewer="officer-3", area="532930")
    with pytest.raises(Forbidden):
        check_review(replace(DRAFTED, scope="53"), reviewer="officer-2", area="532930")


def test_a_reviewed_pack_comes_into_force_after_the_last_day_a_round_was_opened() -> None:
    used = date(2016, 3, 1)

    check_activation(DONE, active_from=date(2010, 1, 1), used_until=None)
    check_activation(DONE, active_from=date(2016, 3, 2), used_until=used)
    for day in (used, date(2016, 2, 29)):
        with pytest.raises(RulePackDayUsed):
            check_activation(DONE, active_from=day, used_until=used)
    with pytest.raises(RulePackNotReviewed):
        check_activation(DRAFTED, active_from=date(2016, 3, 2), used_until=used)


def test_what_is_in_force_is_not_brought_into_force_again() -> None:
    check_change(DONE, shipped_packs()["national-2016"])

    with pytest.raises(RulePackInForce):
        check_change(DONE, BASE)
