"""Searches of the DCI Social Registry interface: a message is answered once, each search on record before its answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chassis.answers import Answer
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.roles import BANK, INSURER, OFFICER
from contracts.values import HOUSEHOLD_STATES, ON_THE_REGISTER, WITHDRAWN
from services.registry.domain import partner_query as query
from services.registry.domain.disclosure import PARTNER_SEARCH
from services.registry.domain.errors.partner import SearchRejected
from services.registry.domain.mask import holds_number
from services.registry.handlers.record import own_area, put_on_record
from services.registry.partner_record import REG_TYPE, Asked, groups, person
from services.registry.schemas import dci
from services.registry.store import partner as store
from services.registry.store.eligibility import Inquiry, ask
from services.registry.store.scope import whole_register
from services.registry.store.sealed import hash_identity
from services.registry.workbook.identity import identity_fault

OWN_ID = "tuopin-registry"
MAX_SEARCHES = 100
PURPOSE_LENGTHS = range(4, 201)


async def search(envelope: dci.Envelope, unit: UnitOfWork) -> Answer:
    """Answer every search of a message, or reject the message by its header."""
    unit.require(INSURER, BANK, OFFICER)
    try:
        _check_header(envelope)
        async with unit:
            await _take(envelope, unit)
            seen: set[str] = set()
            responses = [await _answer(one, unit, seen) for one in envelope.message.search_request]
            return unit.answer(_answered(envelope, unit, responses))
    except SearchRejected as rejected:
        return unit.answer(_answered(envelope, unit, [], rejected))


def _check_header(envelope: dci.Envelope) -> None:
    header, asked = envelope.header, len(envelope.message.search_request)
    if header.version != dci.VERSION:
        raise SearchRejected("rjct.version.invalid", f"This registry speaks version {dci.VERSION}.")
    if header.action != "search":
        raise SearchRejected("rjct.action.not_supported", "The action of a search is search.")
    if not is_moment(header.message_ts):
        raise SearchRejected("rjct.message_ts.invalid", "message_ts is a moment with its offset.")
    if asked > MAX_SEARCHES:
        raise SearchRejected("rjct.total_count.limit_exceeded", f"At most {MAX_SEARCHES} searches.")
    if header.total_count != asked:
        raise SearchRejected("rjct.total_count.invalid", "total_count is the number of searches.")


def is_moment(text: str) -> bool:
    """Tell whether a text is a moment with its offset (RFC 3339)."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


async def _take(envelope: dci.Envelope, unit: UnitOfWork) -> None:
    message = unit.cipher.keyed_hash(f"dci-message:{envelope.header.message_id}")
    if not await store.take_message(unit.driver, unit.principal.actor_id, message, unit.now):
        raise SearchRejected("rjct.message_id.duplicate", "A message with this id was answered before.")


async def _answer(asked: dci.SearchRequest, unit: UnitOfWork, seen: set[str]) -> dci.SearchResponse:
    try:
        _check_request(asked, seen)
        data, pagination = await _find(asked.search_criteria, unit)
    except SearchRejected as rejected:
        return dci.SearchResponse(
            reference_id=asked.reference_id,
            timestamp=unit.now,
            status="rjct",
            status_reason_code=rejected.reason,
            status_reason_message=rejected.message,
            locale=asked.locale,
        )
    return dci.SearchResponse(
        reference_id=asked.reference_id,
        timestamp=unit.now,
        status="succ",
        data=data,
        pagination=pagination,
        locale=asked.locale,
    )


def _check_request(asked: dci.SearchRequest, seen: set[str]) -> None:
    if asked.reference_id in seen:
        raise SearchRejected("rjct.reference_id.duplicate", "The reference_id stands in the message twice.")
    seen.add(asked.reference_id)
    if not is_moment(asked.timestamp):
        raise SearchRejected("rjct.timestamp.invalid", "timestamp is a moment with its offset.")


async def _find(criteria: dci.Criteria, unit: UnitOfWork) -> tuple[dci.Records, dci.Pagination]:
    if criteria.version != dci.VERSION or criteria.reg_type not in {None, REG_TYPE}:
        raise SearchRejected(
            query.CRITERIA, f"Criteria are of version {dci.VERSION} and reg_type {REG_TYPE}."
        )
    purpose = _purpose(criteria, unit)
    match criteria.query_type:
        case query.IDTYPE_VALUE:
            return await _find_person(criteria, purpose, unit)
        case query.PREDICATE:
            return await _find_groups(criteria, purpose, unit)
    raise SearchRejected(query.CRITERIA, "query_type is idtype-value or predicate.")


async def _find_person(
    criteria: dci.Criteria, purpose: str, unit: UnitOfWork
) -> tuple[dci.Records, dci.Pagination]:
    number = query.identity_asked(criteria.query)
    if identity_fault(number, unit.today):
        raise SearchRejected(query.CRITERIA, "value is no identity number by GB 11643.")
    window, entity = query.window_of(criteria.pagination), _entity(criteria, query.MEMBER)
    identity_hash = hash_identity(unit.cipher, number)
    inquiry = Inquiry(
        people=[(identity_hash, unit.today)],
        purpose=purpose,
        actor_id=unit.principal.actor_id,
        area=own_area(unit),
        at=unit.now,
        kind=PARTNER_SEARCH,
        asked_for=f"{query.IDTYPE_VALUE}, one identity number",
    )
    async with whole_register(unit.driver, unit.principal.area):
        (told,) = await ask(unit.driver, inquiry)
        found = None
        if told.category is not None and window.number == 1:
            found = await store.find_of_person(unit.driver, identity_hash, sorted(ON_THE_REGISTER))
    asked = Asked(type=criteria.query["type"], number=number, on=unit.today)
    if entity == query.MEMBER:
        return _records("SRPerson", [] if found is None else [person(found, asked)], window)
    listed = [] if found is None else await groups([found], unit)
    return _records(query.GROUP, listed, window)


async def _find_groups(
    criteria: dci.Criteria, purpose: str, unit: UnitOfWork
) -> tuple[dci.Records, dci.Pagination]:
    if _entity(criteria, query.GROUP) != query.GROUP:
        raise SearchRejected(query.CRITERIA, "A predicate finds groups.")
    clauses = query.clauses_of(criteria.query)
    is_staff = OFFICER in unit.principal.roles
    wanted = store.Search(
        area=unit.principal.area,
        states=[one for one in HOUSEHOLD_STATES if one != WITHDRAWN] if is_staff else sorted(ON_THE_REGISTER),
        clauses=clauses,
        order=query.order_of(criteria.sort),
        window=query.window_of(criteria.pagination),
    )
    total, found = await store.search(unit.driver, wanted)
    if criteria.pagination is None and total > query.MAX_PAGE:
        raise SearchRejected("rjct.search.too_many_records_found", "Ask for pages.")
    asked_for = f"{query.PREDICATE} {query.told(clauses)}"
    await put_on_record(unit, PARTNER_SEARCH, reason=purpose, asked_for=asked_for, items=len(found))
    return _records(query.GROUP, await groups(found, unit), wanted.window, total)


def _entity(criteria: dci.Criteria, otherwise: str) -> str:
    named = {"SRPerson": query.MEMBER, "Person": query.MEMBER}
    wanted = criteria.response_entity or criteria.reg_record_type or otherwise
    wanted = named.get(wanted, wanted)
    if wanted not in {query.GROUP, query.MEMBER}:
        raise SearchRejected(query.CRITERIA, "response_entity is Group or Member.")
    return wanted


def _purpose(criteria: dci.Criteria, unit: UnitOfWork) -> str:
    for given in (*_purposes(criteria.authorize), *_purposes(criteria.consent), unit.principal.purpose):
        if isinstance(given, str) and _is_purpose(given):
            return given
    raise SearchRejected(query.CRITERIA, "A purpose is needed: in authorize or consent, or in the token.")


def _is_purpose(given: str) -> bool:
    """A purpose is kept open, beside the question."""
    return len(given) in PURPOSE_LENGTHS and given.isprintable() and not holds_number(given)


def _purposes(stated: Any) -> Iterator[Any]:
    purpose = stated.get("purpose") if isinstance(stated, dict) else None
    if isinstance(purpose, dict):
        yield from (purpose.get("code"), purpose.get("text"))


def _records(
    kind: str, found: list[dict[str, Any]], window: query.Window, total: int | None = None
) -> tuple[dci.Records, dci.Pagination]:
    total = len(found) if total is None else total
    data = dci.Records(reg_type=REG_TYPE, reg_record_type=kind, reg_records=found)
    return data, dci.Pagination(page_size=window.size, page_number=window.number, total_count=total)


def _answered(
    envelope: dci.Envelope,
    unit: UnitOfWork,
    responses: list[dci.SearchResponse],
    rejected: SearchRejected | None = None,
) -> dict[str, Any]:
    header = dci.AnswerHeader(
        message_id=str(new_id()),
        message_ts=unit.now,
        status="succ" if rejected is None else "rjct",
        status_reason_code=None if rejected is None else rejected.reason,
        status_reason_message=None if rejected is None else rejected.message,
        total_count=len(envelope.message.search_request),
        completed_count=len(responses),
        sender_id=OWN_ID,
        receiver_id=envelope.header.sender_id,
    )
    message = dci.AnswerMessage(
        transaction_id=envelope.message.transaction_id,
        correlation_id=str(new_id()),
        search_response=responses,
    )
    return dci.Answered(header=header, message=message).model_dump(mode="json", exclude_none=True)
