"""A household and a person as records of the DCI Social Registry interface, with as much as the caller may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from contracts.roles import OFFICER
from contracts.values import ON_THE_REGISTER
from services.registry.domain.mask import mask_identity
from services.registry.store import partner as store
from services.registry.store.sealed import open_member

REG_TYPE = "ns:org:RegistryType:Social"
CONTEXT = {"@vocab": "https://schema.spdci.org/extensions/social/v1"}
HOUSEHOLD_ID = "HOUSEHOLD_ID"
MALE = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The identity number that a partner came with, under the type it gave it."""

    type: str
    number: str
    on: date

    def __repr__(self) -> str:
        return "Asked(...)"


def person(found: Any, asked: Asked) -> dict[str, Any]:
    """Return the record of a person on the register: opaque ids and the number that the caller came with."""
    return {
        "@context": CONTEXT,
        "@type": "SRPerson",
        "@id": _address(found["person_id"]),
        "identifier": [_identifier(asked.type, asked.number)],
        "additional_attributes": [
            *_standing(found),
            {"name": "valid_on", "value": asked.on.isoformat()},
            {"name": "household_id", "value": str(found["id"])},
        ],
    }


async def groups(found: Sequence[Any], unit: UnitOfWork) -> list[dict[str, Any]]:
    """Return the records of households; an officer sees the people of those in the own area, masked."""
    is_officer = OFFICER in unit.principal.roles
    visible = [row["id"] for row in found if is_officer and row["area_code"].startswith(unit.principal.area)]
    people = await store.list_people(unit.driver, visible) if visible else {}
    return [_group(row, people.get(row["id"], []), unit) for row in found]


def _group(row: Any, people: Sequence[Any], unit: UnitOfWork) -> dict[str, Any]:
    record = {
        "@context": CONTEXT,
        "@type": "Group",
        "@id": _address(row["id"]),
        "group_identifier": [_identifier(HOUSEHOLD_ID, str(row["id"]))],
        "group_type": "Household",
        "group_size": row["persons"],
        "additional_attributes": _standing(row),
    }
    if people:
        members = [_member(one, unit) for one in people]
        heads = [member for member, one in zip(members, people, strict=True) if one["is_head"]]
        record |= {"group_head_info": heads[0], "member_list": members}
        record["additional_attributes"] += [
            {"name": "village", "value": row["area_code"]},
            {"name": "status", "value": row["status"]},
        ]
    return record


def _member(row: Any, unit: UnitOfWork) -> dict[str, Any]:
    private = open_member(unit.cipher, row["sealed"])
    return {
        "@type": "Member",
        "@id": _address(row["person_id"]),
        "demographic_info": {
            "@type": "SRPerson",
            "identifier": [_identifier("UIN", mask_identity(private.identity_number))],
            "name": {"@type": "Name", "given_name": private.name},
            "sex": "male" if row["sex"] == MALE else "female",
        },
    }


def _standing(row: Any) -> list[dict[str, str]]:
    registered = "yes" if row["status"] in ON_THE_REGISTER else "no"
    return [{"name": "registered", "value": registered}, {"name": "category", "value": row["category"]}]


def _identifier(kind: str, value: str) -> dict[str, str]:
    return {"@type": "Identifier", "identifier_type": kind, "identifier_value": value}


def _address(id_: UUID) -> str:
    return f"urn:uuid:{id_}"
