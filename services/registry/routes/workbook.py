"""Routes of workbooks and division files: what comes in as a whole, and what leaves as a whole."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from chassis.http import CommandUnit, QueryUnit, RecordedQueryUnit
from chassis.pagination import CursorParam, Limit, Page
from contracts import roles
from services.registry import reports, views
from services.registry.handlers import division as divisions
from services.registry.handlers import export, undo, workbook_import
from services.registry.handlers.workbook_import import ImportWorkbook
from services.registry.routes.household import Status, Village
from services.registry.schemas import answer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ImportId = Annotated[UUID, Path(description="The import's id.")]
Standing = Annotated[
    Literal["candidate", "registered"] | None,
    Query(
        description=(
            "What the households are entered as. Absent: on the register while it is kept by hand, candidates once rounds "
            "cover their villages; said explicitly where they cover only some of them."
        )
    ),
]
Parent = Annotated[str | None, Query(pattern=r"^[0-9]{12}$", description="The topmost units if absent.")]


def _takes(kind: str) -> dict[str, object]:
    schema = {"type": "string", "format": "binary"}
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


def _file(content: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX, headers=headers)


router = APIRouter(prefix="/registry/v1", tags=["registry"])


@router.post(
    "/divisions/imports",
    status_code=201,
    response_model=answer.DivisionImport,
    openapi_extra=_takes("text/csv"),
)
async def import_divisions(request: Request, unit: CommandUnit) -> Response:
    """Take over a division tree from CSV with the columns code, level, parent_code, name: all lines or none."""
    return await divisions.import_divisions(await request.body(), unit)


@router.get("/divisions")
async def list_divisions(
    unit: QueryUnit, parent: Parent = None, cursor: CursorParam = None, limit: Limit = 50
) -> Page[answer.Division]:
    """List the units directly below one, by code. Divisions are public: any caller with a token may ask."""
    async with unit:
        return await views.list_divisions(unit, parent=parent, cursor=cursor, limit=limit)


@router.post("/imports", status_code=201, response_model=answer.ChangeSet, openapi_extra=_takes(XLSX))
async def import_workbook(
    request: Request,
    unit: CommandUnit,
    dry_run: Annotated[bool, Query(description="Check everything, take over nothing (200).")] = False,
    standing: Standing = None,
) -> Response:
    """Take over the households of a workbook: all of them, or none.

    A faulty workbook answers 422 with a pointer to each cell, such as /rows/12/证件号码; Location names its report.
    """
    return await workbook_import.import_workbook(
        ImportWorkbook(document=await request.body(), is_dry_run=dry_run, standing=standing), unit
    )


@router.get("/imports/{import_id}", response_model=answer.ChangeSet)
async def show_import(import_id: ImportId, unit: QueryUnit) -> Response:
    """Show an import or undoing with its report, to whoever made it and to county officers."""
    unit.require(roles.CLERK, roles.OFFICER)
    async with unit:
        return unit.answer(reports.change_set_of(await reports.load_change_set(unit, import_id)))


@router.get("/imports/{import_id}/report.xlsx", response_class=Response)
async def marked_workbook(import_id: ImportId, unit: RecordedQueryUnit) -> Response:
    """Return the workbook as it came, faulty cells marked, to whoever sent it and to county officers; recorded."""
    return _file(await reports.marked_workbook(unit, import_id), "report.xlsx")


@router.post("/imports/{import_id}/undo", status_code=201, response_model=answer.ChangeSet)
async def undo_import(import_id: ImportId, unit: CommandUnit) -> Response:
    """Withdraw every household of an import, unless one of them was changed since."""
    return await undo.undo_import(import_id, unit)


@router.get("/exports/households.xlsx", response_class=Response)
async def export_households(
    unit: RecordedQueryUnit, village: Village = None, status: Status = None
) -> Response:
    """Return households as a workbook that imports back to the same. Who took what is recorded."""
    return _file(await export.export_households(unit, village=village, status=status), "households.xlsx")
