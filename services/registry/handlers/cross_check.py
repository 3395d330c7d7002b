"""Other offices' lists: taken over whole, matched with everybody on file, and each match cleared up."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from chassis.answers import Answer
from chassis.crypto import Cipher
from chassis.errors import InvalidRequest, NotFound
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.events import visit as facts
from contracts.roles import CLERK, OFFICER
from services.registry.domain import cross_check as domain
from services.registry.domain.cross_check import Resolution
from services.registry.domain.cross_check_list import PeopleList, read_csv, read_json
from services.registry.domain.errors.register import DateInFuture
from services.registry.handlers.gate import gate_of
from services.registry.rules import pack_in_force
from services.registry.schemas import cross_check as answer
from services.registry.schemas.cross_check import MatchResolution
from services.registry.store import cross_check as store
from services.registry.store.cross_check import CrossCheckList, Found
from services.registry.store.row import COUNTY_DIGITS
from services.registry.store.sealed import SealedDetail, hash_identity, seal
from services.registry.views_cross_check import list_of, resolved_of

CODE_LENGTH = 12
Hashed = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportList:
    """Take over a list of another office."""

    document: bytes
    is_json: bool
    kind: str
    office: str
    as_of: date
    area: str | None


async def import_list(command: ImportList, unit: UnitOfWork) -> Answer:
    """Keep a list and match it with everybody on file in its county."""
    unit.require(OFFICER)
    county = _county(command.area or unit.principal.area, unit)
    if command.as_of > unit.today:
        raise DateInFuture(pointer="query:as_of")
    read = read_json if command.is_json else read_csv
    async with gate_of(unit.runtime).passing(), unit:
        listed, hashed = await asyncio.to_thread(_prepare, read, command.document, unit.today, unit.cipher)
        added = _list(command, listed, county, unit)
        await store.add_list(unit.driver, added, hashed)
        await _match(added, unit)
        location = f"/registry/v1/cross-checks/{added.id}"
        return unit.answer(await list_of(unit, added.id), status=201, location=location)


async def match_again(list_id: UUID, unit: UnitOfWork) -> Answer:
    """Match a list with whoever came on file since."""
    unit.require(OFFICER)
    async with unit:
        found = await store.find_list(unit.driver, list_id, area=unit.principal.area)
        if found is None:
            raise NotFound
        await store.lock_list(unit.driver, list_id)
        matched = await _match(found, unit)
        households = len({one.household_id for one in matched})
        return unit.answer(
            answer.Matching(list_id=list_id, matched=len(matched), households=households), status=201
        )


async def resolve_match(match_id: UUID, request: MatchResolution, unit: UnitOfWork) -> Answer:
    """Explain a match, confirm it with a reason on which a round can act, or correct how it was resolved."""
    unit.require(CLERK, OFFICER)
    async with unit:
        match = await store.hold_match(unit.driver, match_id, area=unit.principal.area)
        if match is None:
            raise NotFound
        pack = await pack_in_force(unit.driver, unit.today, area=match["area_code"])
        domain.check_reason(request.outcome, request.reason, pack)
        *_, before = [None, *(await store.list_resolutions(unit.driver, [match_id])).get(match_id, [])]
        resolution = _resolution(match, request, before, unit)
        domain.check_correction(before, resolution, pack)
        await store.add_resolution(unit.driver, resolution)
        fact = facts.CrossCheckResolved(
            household_id=match["household_id"],
            match_id=match_id,
            outcome=request.outcome,
            resolved_on=unit.today,
        )
        unit.record(fact, sequence=match["version"], area=match["area_code"])
        return unit.answer(resolved_of(resolution), status=201)


def _county(area: str, unit: UnitOfWork) -> str:
    """Return the county that a list is about: its payroll, its vehicles, its owners of houses."""
    unit.require_area(area)
    if len(area) != COUNTY_DIGITS:
        raise InvalidRequest("A list is about one county: six digits.", pointer="query:area")
    return area


def _prepare(
    read: Callable[[bytes, date], PeopleList], document: bytes, today: date, cipher: Cipher
) -> tuple[PeopleList, Hashed]:
    listed = read(document, today)
    hashed = [
        (hash_identity(cipher, number), seal(cipher, SealedDetail(detail)))
        for number, detail in listed.details.items()
    ]
    return listed, hashed


def _list(command: ImportList, listed: PeopleList, county: str, unit: UnitOfWork) -> CrossCheckList:
    return CrossCheckList(
        id=new_id(),
        area_code=county.ljust(CODE_LENGTH, "0"),
        kind=command.kind,
        office=command.office,
        as_of=command.as_of,
        document_sha256=hashlib.sha256(command.document).hexdigest(),
        rows=listed.rows,
        persons=len(listed.details),
        actor_id=unit.principal.actor_id,
        imported_on=unit.today,
        recorded_at=unit.now,
    )


async def _match(of: CrossCheckList, unit: UnitOfWork) -> list[Found]:
    pack = await pack_in_force(unit.driver, unit.today, area=of.area_code)
    is_ruling_out = domain.rules_out(of.kind, pack)
    rows = await store.find_unmatched(unit.driver, of.id, area=of.area_code[:COUNTY_DIGITS])
    found = [_found(row) for row in rows]
    await store.add_matches(unit.driver, of, found, rules_out=is_ruling_out, on=unit.today, at=unit.now)
    for one in found:
        fact = facts.CrossCheckMatched(
            household_id=one.household_id,
            match_id=one.id,
            list_id=of.id,
            list_kind=of.kind,
            rules_out=is_ruling_out,
            matched_on=unit.today,
        )
        unit.record(fact, sequence=one.household_version, area=one.area_code)
    return found


def _found(row: Any) -> Found:
    return Found(
        id=new_id(),
        household_id=row["household_id"],
        person_id=row["person_id"],
        area_code=row["area_code"],
        household_version=row["version"],
        sealed=row["sealed"],
    )


def _resolution(
    match: Any, request: MatchResolution, before: Resolution | None, unit: UnitOfWork
) -> Resolution:
    corrects = request.corrects
    return Resolution(
        match_id=match["id"],
        area_code=match["area_code"],
        number=before.number + 1 if before else 1,
        outcome=request.outcome,
        reason=request.reason,
        actor_id=unit.principal.actor_id,
        resolved_on=unit.today,
        recorded_at=unit.now,
        corrects=corrects.resolution if corrects else None,
        corrects_actor_id=before.actor_id if corrects and before else None,
        correction_reason=corrects.reason if corrects else None,
    )
