"""The division tree over HTTP: any county, all lines or none."""

import pytest

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import DIVISIONS, OTHER_TOWNSHIP, get, import_divisions

HEADER = "code,level,parent_code,name\n"


async def test_units_are_listed_by_parent(registry: Harness) -> None:
    top = (await get(registry, "/divisions")).json()["items"]
    towns = (await get(registry, "/divisions?parent=532930000000")).json()["items"]
    first = (await get(registry, "/divisions?parent=532930000000&limit=1")).json()
    rest = (await get(registry, f"/divisions?parent=532930000000&cursor={first['next']}")).json()

    assert [unit["level"] for unit in top] == ["province"]
    assert [unit["name"] for unit in towns] == ["甲镇", "乙镇"]
    assert first["items"] + rest["items"] == towns


async def test_the_same_file_again_changes_nothing_and_a_new_name_is_taken_over(registry: Harness) -> None:
    renamed = DIVISIONS.replace("乙镇", "乙乡")

    assert (await import_divisions(registry)).json()["divisions"] == 8
    assert (await import_divisions(registry, renamed)).status_code == 201

    towns = (await get(registry, "/divisions?parent=532930000000")).json()["items"]
    assert [unit["name"] for unit in towns] == ["甲镇", "乙乡"]


async def test_another_county_is_added_beside_the_first(registry: Harness) -> None:
    text = (
        HEADER
        + "110000000000,province,,北京市\n110109000000,county,110000000000,门头沟区\n"
        + "110109101000,township,110109000000,丙镇\n110109101200,village,110109101000,四村\n"
    )

    assert (await import_divisions(registry, text)).status_code == 201

    assert len((await get(registry, "/divisions")).json()["items"]) == 2


@pytest.mark.parametrize(
    ("line", "pointer", "code"),
    [
        ("53293010120,village,532930101000,五村", "/lines/2/code", "code-invalid"),
        ("532930101203,hamlet,532930101000,五村", "/lines/2/level", "level-unknown"),
        ("532930101203,township,532930000000,五村", "/lines/2/code", "code-level"),
        ("532930103201,village,532930103000,五村", "/lines/2/parent_code", "parent-unknown"),
        ("532930101203,village,532930102000,五村", "/lines/2/parent_code", "parent-invalid"),
        ("532930101203,village,532930101202,五村", "/lines/2/parent_code", "parent-invalid"),
        ("532930101203,village,532930101000,", "/lines/2/name", "name-invalid"),
        ("532930101203,village,532930101000", "/lines/2", "column-count"),
        ("532930101201,village,532930000000,一村", "/lines/2/code", "division-differs"),
        ("", "/lines/2", "no-rows"),
    ],
)
async def test_a_faulty_line_keeps_the_whole_file_out(
    registry: Harness, line: str, pointer: str, code: str
) -> None:
    good = "532930101204,village,532930101000,六村\n" if line else ""

    refused = await import_divisions(registry, f"{HEADER}{line}\n{good}")

    assert refused.status_code == 422
    assert (pointer, code) in [(e["pointer"], e["code"]) for e in refused.json()["errors"]]
    villages = (await get(registry, "/divisions?parent=532930101000")).json()["items"]
    assert len(villages) == 2


async def test_a_file_with_other_columns_or_letters_is_refused(registry: Harness) -> None:
    header = await import_divisions(registry, "code,name\n")
    encoding = await registry.call(
        "POST",
        "/registry/v1/divisions/imports",
        roles=[roles.OFFICER],
        content=DIVISIONS.encode("gb18030"),
    )

    assert [e["code"] for e in header.json()["errors"]] == ["header-invalid"]
    assert [e["code"] for e in encoding.json()["errors"]] == ["encoding-invalid"]


async def test_divisions_of_another_area_are_not_ones_own_to_change(registry: Harness) -> None:
    refused = await import_divisions(registry, area=OTHER_TOWNSHIP)
    clerk = await registry.call(
        "POST", "/registry/v1/divisions/imports", roles=[roles.CLERK], content=DIVISIONS.encode()
    )

    assert [e["code"] for e in refused.json()["errors"]] == ["division-outside-area"]
    assert clerk.status_code == 403


@pytest.mark.parametrize(
    ("area", "old", "new"),
    [
        ("532930101", "洱源县", "丙县"),
        ("532930101201", "甲镇", "丙镇"),
        ("532930", "云南省", "丙省"),
        ("532930", "大理白族自治州", "丙州"),
    ],
)
async def test_whoever_has_only_a_part_of_a_unit_does_not_rename_it(
    registry: Harness, area: str, old: str, new: str
) -> None:
    lines = [line for line in DIVISIONS.splitlines()[1:] if area.startswith(line[:12].rstrip("0"))]
    text = HEADER + "\n".join(lines).replace(old, new) + "\n"
    assert new in text

    renamed = await import_divisions(registry, text, area=area)
    same = await import_divisions(registry, text.replace(new, old), area=area)

    assert renamed.status_code == 422
    assert renamed.json()["errors"][0]["code"] == "division-outside-area"
    assert same.status_code == 201
