"""The rules of one household's file, whichever way it comes in; a workbook's own checks report the same codes by cell."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from chassis.errors import FieldError
from services.registry.domain.errors.register import HouseholdFileInvalid
from services.registry.workbook.draft import HouseholdDraft, MemberDraft
from services.registry.workbook.finding import FINDINGS
from services.registry.workbook.identity import identity_fault, sex_of

BY_REQUEST: Final = "change-request-required"


def check_file(draft: HouseholdDraft, today: date) -> None:
    """Refuse a file without exactly one head, with a false identity number, or with half of a bank account."""
    errors = [*_heads(draft), *_people(draft.members, today), *_bank(draft)]
    if errors:
        raise HouseholdFileInvalid(errors=errors)


def asked_by_request(now: HouseholdDraft, stated: HouseholdDraft) -> list[FieldError]:
    """Return what of a file stated anew is somebody else's to decide: who is in the household, its head, its village.

    A person is their identity number here: another number is another person.
    """
    errors = []
    if _persons(now) != _persons(stated):
        message = (
            "Who is in a household, under which number, and who is its head changes by /change-requests."
        )
        errors.append(FieldError("/members", BY_REQUEST, message))
    if now.village_code != stated.village_code:
        message = "A household comes into another village by a move of /change-requests."
        errors.append(FieldError("/village_code", BY_REQUEST, message))
    return errors


def _persons(draft: HouseholdDraft) -> set[tuple[str, bool]]:
    return {(member.identity_number.upper(), member.is_head) for member in draft.members}


def _heads(draft: HouseholdDraft) -> Iterator[FieldError]:
    heads = [index for index, member in enumerate(draft.members) if member.is_head]
    if not heads:
        yield _error("/members", "head-missing")
    for index in heads[1:]:
        yield _error(f"/members/{index}/relation", "head-duplicate")


def _people(members: tuple[MemberDraft, ...], today: date) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, member in enumerate(members):
        number = member.identity_number
        fault = identity_fault(number, today)
        if fault:
            yield _error(f"/members/{index}/identity_number", fault)
        elif member.sex != sex_of(number):
            yield _error(f"/members/{index}/sex", "identity-sex")
        if number in seen:
            yield FieldError(
                f"/members/{index}/identity_number",
                "identity-duplicate",
                "The identity number stands twice in this household.",
            )
        seen.add(number)


def _bank(draft: HouseholdDraft) -> Iterator[FieldError]:
    if (draft.bank_code is None) != (draft.account is None):
        yield _error("/account" if draft.account is None else "/bank_code", "bank-incomplete")


def _error(pointer: str, code: str) -> FieldError:
    return FieldError(pointer, code, FINDINGS[code][0])
