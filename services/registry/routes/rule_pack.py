"""Routes of rule packs: proposing, reviewing, trying against the register, bringing into force."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from chassis.errors import Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from services.registry import figures_trial, views_rule_pack
from services.registry.domain.errors.rule_pack import RulePackInvalid
from services.registry.figures_trial import Trial
from services.registry.handlers import rule_pack as handlers
from services.registry.routes.household import Area, AsOf
from services.registry.schemas import rule_pack as answer
from services.registry.schemas.rule_pack import PackActivation, PackCode, PackProposal, PackVersion

READERS = tuple(sorted(roles.ALL_ROLES - {roles.BANK, roles.INSURER}))
PROBLEMS: dict[type[Refusal], int] = {RulePackInvalid: 422}

Code = Annotated[PackCode, Path(description="The pack's code.")]
Version = Annotated[PackVersion, Path(description="The number of the version.")]
OnlyCode = Annotated[PackCode | None, Query(description="Only versions of this pack.")]
On = Annotated[date | None, Query(description="In force on this business day; today if absent.")]

router = APIRouter(prefix="/registry/v1", tags=["registry"])


@router.post("/rule-packs", status_code=201, response_model=answer.ShownPack)
async def propose_pack(body: PackProposal, unit: CommandUnit) -> Response:
    """Propose a version of a pack, whole or as what differs from another, as a draft. A fault names its place."""
    return await handlers.propose_pack(body, unit)


@router.get("/rule-packs")
async def list_packs(
    unit: QueryUnit, code: OnlyCode = None, cursor: CursorParam = None, limit: Limit = 50
) -> Page[answer.ListedPack]:
    """List versions by code and number: those that come with the service, and those proposed in one's county."""
    unit.require(*READERS)
    async with unit:
        return await views_rule_pack.list_packs(unit, code=code, cursor=cursor, limit=limit)


@router.get("/rule-packs/in-force", response_model=answer.ShownPack)
async def show_in_force(unit: QueryUnit, on: On = None) -> Response:
    """Show the version in force in the caller's area on a day."""
    unit.require(*READERS)
    async with unit:
        return unit.answer(await views_rule_pack.show_in_force(unit, on or unit.today))


@router.get("/rule-packs/{code}/versions/{version}", response_model=answer.ShownPack)
async def show_pack(code: Code, version: Version, unit: QueryUnit) -> Response:
    """Show a version with its content, who proposed and reviewed it, and from which days on it is in force."""
    unit.require(*READERS)
    async with unit:
        return unit.answer(await views_rule_pack.show_pack(unit, code, version))


@router.post(
    "/rule-packs/{code}/versions/{version}/reviews", status_code=201, response_model=answer.ListedPack
)
async def review_pack(code: Code, version: Version, unit: CommandUnit) -> Response:
    """Confirm a draft; whoever proposed it is refused."""
    return await handlers.review_pack(code, version, unit)


@router.post(
    "/rule-packs/{code}/versions/{version}/activations", status_code=201, response_model=answer.Activation
)
async def activate_pack(code: Code, version: Version, body: PackActivation, unit: CommandUnit) -> Response:
    """Bring a reviewed version into force in the caller's area, on a day after the last on which a round was opened.

    Of two packs the one with the later day is in force; for the same day, the one decided last.
    """
    return await handlers.activate_pack(code, version, body, unit)


@router.get("/rule-packs/{code}/versions/{version}/trials", response_model=answer.Trial)
async def try_pack(
    code: Code,
    version: Version,
    unit: QueryUnit,
    as_of: AsOf = None,
    area: Area = None,
    cursor: CursorParam = None,
    limit: Limit = 50,
) -> Response:
    """Try a version, draft or reviewed, against the register: who would change, and why. Nothing is kept.

    Households on the register or on the way to it are compared with their line and with their matches on other
    offices' lists, by their last visit's income or their file's.
    """
    unit.require(roles.OFFICER, roles.CLERK, roles.AUDITOR)
    async with unit:
        trial = Trial(
            code=code,
            version=version,
            area=unit.principal.area if area is None else area,
            as_of=as_of or unit.today,
        )
        return unit.answer(await figures_trial.try_pack(unit, trial, cursor=cursor, limit=limit))
