"""The sample enters by the workbook: its drafts are written, read and checked like any county's file."""

from datetime import date

from cli.sample.division import codes_of
from cli.sample.draft import to_drafts
from cli.sample.plan import SamplePlan
from services.registry.workbook.export import export_households
from services.registry.workbook.read import read_workbook
from services.registry.workbook.validate import validate


def test_the_workbook_of_a_sample_county_is_faultless_and_reads_back_the_same(small_plan: SamplePlan) -> None:
    drafts = to_drafts(small_plan.filed)

    workbook = read_workbook(export_households(drafts))
    checked = validate(workbook, set(codes_of(small_plan.divisions, "village")), date(2016, 1, 6))

    assert checked.is_faultless
    assert checked.households == drafts


def test_a_draft_keeps_category_persons_and_income(eryuan_plan: SamplePlan) -> None:
    drafts = to_drafts(eryuan_plan.households)

    for household, draft in zip(eryuan_plan.households, drafts, strict=True):
        assert draft.category == ("dibao" if household.dibao else "general")
        assert len(draft.members) == len(household.everybody)
        assert draft.head.identity_number == household.head.id_number
        assert draft.net_income_fen == household.income.net_fen
