"""Stating figures of an area, and letting it leave by computed criteria after its notice hung."""

from chassis.answers import Answer
from chassis.errors import FieldError
from chassis.unit_of_work import UnitOfWork
from contracts.roles import OFFICER
from contracts.values import AREA_EXIT_NOTICE
from services.registry import figures_area, rules, views_area, views_notice
from services.registry.domain import area as domain
from services.registry.domain import area_exit
from services.registry.domain.area_exit import Assessment, exited_fact
from services.registry.domain.division import Division
from services.registry.domain.errors.area import AreaExitCriteriaUnmet, AreaExitedAlready
from services.registry.domain.errors.register import DateInFuture
from services.registry.domain.household import check_day
from services.registry.domain.notice import Notice, announce
from services.registry.domain.rule_pack import RulePack
from services.registry.handlers.posting import Wall, hang
from services.registry.schemas import area as schema
from services.registry.store import area as store
from services.registry.store import notice as notices


async def state_figure(code: str, request: schema.FigureRequest, unit: UnitOfWork) -> Answer:
    """Record a figure of an area and year."""
    unit.require(OFFICER)
    async with unit:
        division = await figures_area.load_area(unit, code)
        figure = domain.Figure(area_code=division.code, **request.model_dump())
        domain.check_figure(figure, unit.today)
        figure_id = await store.add_figure(unit.driver, figure, actor_id=unit.principal.actor_id, at=unit.now)
        stated = schema.Figure(
            id=figure_id,
            area_code=division.code,
            **request.model_dump(),
            actor_id=unit.principal.actor_id,
            recorded_at=unit.now,
        )
        return unit.answer(stated, status=201)


async def post_exit_notice(code: str, request: schema.ExitNoticeRequest, unit: UnitOfWork) -> Answer:
    """Post that an area is to leave: the criteria as they hold on the day, frozen by their hash."""
    unit.require(OFFICER)
    async with unit:
        division = await figures_area.load_area(unit, code)
        if request.posted_on > unit.today:
            raise DateInFuture(pointer="/posted_on")
        if await store.find_exit(unit.driver, division.code) is not None:
            raise AreaExitedAlready
        pack = await rules.hold_pack(unit.driver, request.posted_on, area=division.code)
        asked = figures_area.asked_of(unit, division, as_of=request.posted_on, recorded_before=None)
        held, shown = await figures_area.assess_area(unit, division, asked, pack)
        refuse_unmet(held)
        wall = Wall(
            kind=AREA_EXIT_NOTICE,
            area_code=division.code,
            round_id=None,
            pack=pack,
            min_days=held.notice_days,
            **request.model_dump(),
        )
        posted = await hang(unit, wall, [shown.model_dump(mode="json")])
        location = f"/registry/v1/notices/{posted.id}"
        return unit.answer(
            views_notice.summary_of(posted), status=201, etag=posted.version, location=location
        )


async def exit_area(code: str, request: schema.ExitRequest, unit: UnitOfWork) -> Answer:
    """Let an area leave the list of poor areas."""
    unit.require(OFFICER)
    check_day(request.on, unit.today)
    async with unit:
        division = await figures_area.load_area(unit, code)
        await store.lock_area(unit.driver, division.code)
        if await store.find_exit(unit.driver, division.code) is not None:
            raise AreaExitedAlready
        pack = await rules.pack_in_force(unit.driver, request.on, area=division.code)
        asked = figures_area.asked_of(unit, division, as_of=request.on, recorded_before=None)
        held, shown = await figures_area.assess_area(unit, division, asked, pack)
        refuse_unmet(held)
        notice = await _closed_notice(unit, division, request, pack)
        await notices.save_notice(unit.driver, announce(notice, pack, on=request.on, today=unit.today))
        left = store.Exit(
            assessment=held,
            frozen=shown.model_dump_json(),
            on=request.on,
            notice_id=request.notice_id,
            actor_id=unit.principal.actor_id,
            at=unit.now,
        )
        await store.add_exit(unit.driver, left)
        unit.record(exited_fact(held, on=request.on), sequence=1, area=division.code)
        row = await store.find_exit(unit.driver, division.code)
        return unit.answer(views_area.exit_of(row), status=201)


async def _closed_notice(
    unit: UnitOfWork, division: Division, request: schema.ExitRequest, pack: RulePack
) -> Notice:
    notice = await notices.lock_notice(unit.driver, request.notice_id, area=unit.principal.area)
    area_exit.check_notice(notice, division.code, pack, on=request.on)
    assert notice is not None  # noqa: S101 - the check refuses none
    return notice


def refuse_unmet(held: Assessment) -> None:
    """Refuse the exit of an area while a criterion fails or is not known, and name each with what was observed."""
    if held.is_ready:
        return
    told = "; ".join(
        f"{one.code} {one.outcome}: {one.observed or 'no figure'}, needed {one.limit}" for one in held.unmet
    )
    raise AreaExitCriteriaUnmet(
        f"{held.area_code} does not meet the criteria on {held.as_of}: {told}.",
        rule=area_exit.RULE,
        basis=held.basis,
        errors=[
            FieldError(
                f"/criteria/{one.code}",
                f"criterion-{one.outcome}",
                f"Observed {one.observed or 'nothing'}, needed {one.limit} ({one.population}).",
            )
            for one in held.unmet
        ],
    )
