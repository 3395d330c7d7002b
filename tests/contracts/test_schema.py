"""The snapshots are current, incompatible changes are refused, and no event has room for personal data."""

import json
from datetime import date
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import msgspec
import pytest
from jsonschema import Draft202012Validator

from contracts import topics
from contracts.catalogue import ALL_EVENTS, BY_TYPE
from contracts.event_documents import asyncapi_document, asyncapi_text, events_page
from contracts.events.registry import HouseholdRegistered
from contracts.schema_tools import (
    Schema,
    incompatibilities,
    personal_fields,
    removed_events,
    schema_of,
    snapshots,
)
from contracts.values import RESTRICTED

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
SNAPSHOTS = ROOT / "contracts" / "schemas"


def planted(event_type: str = "registry.household-registered.v1", /, **fields: type) -> Schema:
    """Return the schema of a made-up edition of an event with these fields."""
    struct = msgspec.defstruct("Planted", list(fields.items()), frozen=True, kw_only=True)
    namespace = {
        "event_type": event_type,
        "topic": topics.HOUSEHOLD,
        "data_class": RESTRICTED,
        "subject_kind": "household",
    }
    for attribute, value in namespace.items():
        type.__setattr__(struct, attribute, value)
    return schema_of(struct)


def test_every_snapshot_is_current_and_none_is_left_over() -> None:
    stored = {path.name: path.read_text("utf-8") for path in SNAPSHOTS.glob("*.json")}

    assert stored == snapshots()


def test_the_generated_documents_are_current() -> None:
    assert (ROOT / "docs" / "events.md").read_text("utf-8") == events_page()
    assert (ROOT / "docs" / "asyncapi.json").read_text("utf-8") == asyncapi_text()


def test_the_same_schema_is_compatible_with_itself() -> None:
    for event in ALL_EVENTS:
        assert incompatibilities(schema_of(event), schema_of(event)) == []


def test_an_added_optional_field_is_compatible() -> None:
    class Wider(HouseholdRegistered, frozen=True, kw_only=True):
        """A household was entered on the register, by import or by hand."""

        note: str | None = None

    assert incompatibilities(schema_of(HouseholdRegistered), schema_of(Wider)) == []


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        ({"household_id": UUID, "persons": int}, "data.on: the field was removed"),
        (
            {"household_id": UUID, "persons": int, "on": date, "extra": str},
            "data.extra: the field is required and was not before",
        ),
        (
            {"household_id": UUID, "persons": str, "on": date},
            "data.persons: the type changed from ('integer', None) to ('string', None)",
        ),
        (
            {"household_id": UUID, "persons": int, "on": str},
            "data.on: the type changed from ('string', 'date') to ('string', None)",
        ),
    ],
)
def test_a_planted_incompatible_change_is_refused(after: dict[str, type], fault: str) -> None:
    before = planted(household_id=UUID, persons=int, on=date)

    assert incompatibilities(before, planted(**after)) == [fault]


def test_a_change_inside_a_nested_part_is_refused() -> None:
    class Before(msgspec.Struct):
        village_code: str

    class After(msgspec.Struct):
        village_code: int

    faults = incompatibilities(
        planted(before=list[Before], after=Before), planted(before=list[After], after=Before)
    )

    assert faults == [
        "data.before[].village_code: the type changed from ('string', None) to ('integer', None)"
    ]


def test_a_field_that_may_become_null_is_a_changed_type() -> None:
    faults = incompatibilities(planted(on=date), planted(on=date | None))  # type: ignore[arg-type]

    assert len(faults) == 1


def test_a_change_of_what_may_also_be_null_is_a_changed_type() -> None:
    faults = incompatibilities(planted(on=date | None), planted(on=str | None))  # type: ignore[arg-type]

    assert len(faults) == 1


def test_a_needed_field_may_not_become_optional() -> None:
    class Before(msgspec.Struct, kw_only=True):
        event_type: ClassVar[str] = "registry.planted.v1"
        topic: ClassVar[str] = topics.HOUSEHOLD
        data_class: ClassVar[str] = RESTRICTED
        subject_kind: ClassVar[str] = "household"
        persons: int

    class After(Before, kw_only=True):
        persons: int = 0

    assert incompatibilities(schema_of(Before), schema_of(After)) == [
        "data.persons: the field may now be missing"
    ]


def test_a_removed_event_is_noticed() -> None:
    assert removed_events(["registry.household-painted.v1", *BY_TYPE]) == ["registry.household-painted.v1"]


def test_no_event_has_a_field_for_personal_data() -> None:
    hints = {event.event_type: personal_fields(schema_of(event)) for event in ALL_EVENTS}

    assert not [event for event, fields in hints.items() if fields]


@pytest.mark.parametrize(
    "field", ["name", "head_name", "identity_number", "bank_account", "phone", "mobile_phone"]
)
def test_a_planted_personal_field_is_found(field: str) -> None:
    assert personal_fields(planted(household_id=UUID, **{field: str})) == [field]


def test_a_planted_personal_field_is_found_in_a_nested_part() -> None:
    class Payee(msgspec.Struct):
        account: str

    assert personal_fields(planted(payee=Payee)) == ["account"]


def test_every_event_has_a_golden_example() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} >= set(BY_TYPE)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_a_golden_event_of_this_version_decodes_and_encodes_unchanged(path: Path) -> None:
    event = BY_TYPE[path.stem]
    golden = json.loads(path.read_text("utf-8"))

    decoded = msgspec.json.decode(path.read_bytes(), type=event)

    assert json.loads(msgspec.json.encode(decoded)) == golden
    assert decoded.subject_id()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_a_golden_event_is_valid_against_its_snapshot(path: Path) -> None:
    schema = json.loads((SNAPSHOTS / path.name).read_text("utf-8"))

    Draft202012Validator.check_schema(schema)
    faults = list(Draft202012Validator(schema).iter_errors(json.loads(path.read_text("utf-8"))))

    assert faults == []


@pytest.mark.parametrize("kind", ["relocation.house-accepted.v1", "relocation.house-rejected.v1"])
def test_an_acceptance_from_before_it_told_the_area_still_reads(kind: str) -> None:
    golden = json.loads((GOLDEN / f"{kind}.json").read_text("utf-8"))
    del golden["floor_area_m2"]

    decoded = msgspec.json.decode(json.dumps(golden), type=BY_TYPE[kind])

    assert decoded.floor_area_m2 is None
    assert str(decoded.house_id) == golden["house_id"]


def test_a_reader_ignores_fields_it_does_not_know() -> None:
    golden = json.loads((GOLDEN / "registry.household-exited.v1.json").read_text("utf-8"))
    wider = json.dumps({**golden, "field_of_a_later_edition": [1, 2]}).encode()

    decoded = msgspec.json.decode(wider, type=BY_TYPE["registry.household-exited.v1"])

    assert str(decoded.household_id) == golden["household_id"]


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi_document()

    for reference in _references(document):
        node = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


def _references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for value in node.values() for found in _references(value)]
    if isinstance(node, list):
        return [found for value in node for found in _references(value)]
    return []
