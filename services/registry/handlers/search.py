"""Looking for people and households; who looked, by which fields and how many were shown is put on record."""

from typing import Any
from uuid import UUID

from chassis.answers import Answer
from chassis.crypto import Cipher
from chassis.errors import NotFound
from chassis.pagination import decode_cursor, page_of
from chassis.unit_of_work import UnitOfWork
from contracts.roles import CLERK, OFFICER
from services.registry import views, views_person
from services.registry.domain import duplicate as domain
from services.registry.domain.disclosure import SEARCH
from services.registry.domain.duplicate import Traits
from services.registry.handlers import change_request
from services.registry.handlers.record import put_on_record
from services.registry.schemas import person as form
from services.registry.schemas.change import DuplicateMerge
from services.registry.schemas.person import DuplicateSearch, MergeRequest, Search
from services.registry.store import merge as merges
from services.registry.store import search as store
from services.registry.store.key import address_key, name_key, plain, text_birth_key
from services.registry.store.scope import whole_register
from services.registry.store.sealed import hash_identity, open_household, open_member

AT_THE_COUNTER = "search of the register"


async def search_households(asked: Search, unit: UnitOfWork) -> Answer:
    """Return households of the caller's area by exact keys; on record with the fields and the count only."""
    unit.require(CLERK, OFFICER)
    (last,) = decode_cursor(asked.cursor, UUID) or (None,)
    async with unit:
        found = await store.find_households(
            unit.driver,
            _keys(asked, unit.cipher),
            area=unit.principal.area,
            after=last,
            limit=asked.limit + 1,
        )
        page = page_of(found, asked.limit, lambda row: views.listed_of(unit, row), lambda row: (row["id"],))
        await put_on_record(
            unit,
            SEARCH,
            reason=AT_THE_COUNTER,
            asked_for=", ".join(asked.given),
            items=len(page.items),
        )
        return unit.answer(page)


async def search_duplicates(asked: DuplicateSearch, unit: UnitOfWork) -> Answer:
    """Return who may be the one asked for; of other areas only whether there is somebody."""
    unit.require(CLERK, OFFICER)
    number = asked.identity_number
    async with unit:
        async with whole_register(unit.driver, unit.principal.area):
            rows = await store.find_like(
                unit.driver,
                [hash_identity(unit.cipher, near) for near in _numbers(number)],
                name=None if asked.name is None else name_key(unit.cipher, asked.name),
                birth=_birth_key(asked, unit.cipher),
                address=address_key(unit.cipher, asked.address),
                head=None if asked.head_name is None else name_key(unit.cipher, asked.head_name),
            )
        weighed = [(row, domain.evidence(_asked(asked), traits_of(row, unit.cipher))) for row in rows]
        likely = [(row, told) for row, told in weighed if domain.is_likely(told)]
        inside = [each for each in likely if each[0]["area_code"].startswith(unit.principal.area)]
        await put_on_record(
            unit,
            SEARCH,
            reason=asked.reason,
            subjects=[(row["area_code"], row["id"]) for row, _ in inside] or None,
            asked_for=", ".join(asked.given),
            items=1 if inside else 0,
        )
        shown = [_candidate(unit, row, told) for row, told in inside]
        shown.sort(key=lambda each: (-each.score, each.person_id))
        return unit.answer(form.Candidates(items=shown, elsewhere=len(likely) > len(inside)))


async def propose_merge(asked: MergeRequest, unit: UnitOfWork) -> Answer:
    """Take down that somebody stands on the register twice; a county officer decides."""
    unit.require(CLERK, OFFICER)
    domain.refuse_same_person(asked.kept, asked.dropped)
    async with unit:
        household_id = await merges.find_household(unit.driver, asked.dropped, area=unit.principal.area)
        if household_id is None:
            raise NotFound
        values = asked.model_dump(exclude_unset=True)
        body = DuplicateMerge.model_validate(
            values | {"kind": "duplicate-merge", "household_id": household_id}
        )
        return await change_request.take_down(body, unit)


def traits_of(row: Any, cipher: Cipher) -> Traits:
    """Return what is known of somebody on file, in normal spelling."""
    private, file = open_member(cipher, row["sealed"]), open_household(cipher, row["household_sealed"])
    head = open_member(cipher, row["head"])
    return Traits(
        identity_number=private.identity_number,
        name=plain(private.name),
        born_on=domain.born_on(private.identity_number),
        address=plain(file.address) if file.address else None,
        head_name=plain(head.name),
    )


def _asked(asked: DuplicateSearch) -> Traits:
    return Traits(
        identity_number=asked.identity_number,
        name=plain(asked.name) if asked.name else None,
        born_on=asked.born_on or domain.born_on(asked.identity_number or ""),
        address=plain(asked.address) if asked.address else None,
        head_name=plain(asked.head_name) if asked.head_name else None,
    )


def _numbers(number: str | None) -> set[str]:
    return set() if number is None else {number, *domain.near_numbers(number)}


def _birth_key(asked: DuplicateSearch, cipher: Cipher) -> bytes | None:
    born_on = _asked(asked).born_on
    return None if born_on is None else text_birth_key(cipher, f"{born_on:%Y%m%d}")


def _keys(asked: Search, cipher: Cipher) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    if asked.identity_number is not None:
        keys["identity_number"] = hash_identity(cipher, asked.identity_number)
    if asked.name is not None:
        keys["name"] = name_key(cipher, asked.name)
    if asked.file_number is not None:
        keys["file_number"] = asked.file_number
    if asked.address is not None:
        keys["address"] = address_key(cipher, asked.address)
    return keys


def _candidate(unit: UnitOfWork, row: Any, told: list[str]) -> form.Candidate:
    return form.Candidate(**dict(views_person.found_of(unit, row)), score=domain.score(told), evidence=told)
