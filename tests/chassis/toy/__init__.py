"""A smallest service, to test the chassis without any business."""

from pathlib import Path
from typing import ClassVar
from uuid import UUID

import msgspec
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Integer, Table, Text, insert, select

from chassis.errors import NotFound, Refusal
from chassis.http import CommandUnit, QueryUnit
from chassis.ids import new_id
from chassis.service import Service
from chassis.tables import add_plumbing, area_column, id_column, new_metadata
from chassis.unit_of_work import UnitOfWork

metadata = new_metadata()
note = Table(
    "note",
    metadata,
    id_column(),
    area_column(),
    Column("text", Text, nullable=False),
    Column("version", Integer),
)
add_plumbing(metadata)


class NoteWritten(msgspec.Struct, frozen=True, kw_only=True):
    """A note was written."""

    event_type: ClassVar[str] = "toy.note-written.v1"
    topic: ClassVar[str] = "toy.note"
    data_class: ClassVar[str] = "internal"
    subject_kind: ClassVar[str] = "note"

    note_id: UUID
    length: int

    def subject_id(self) -> str:
        """Return the note's id."""
        return str(self.note_id)


class WriteNote(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid")

    text: str
    area_code: str = "532930101201"


class NoteOut(BaseModel):
    """What a caller gets."""

    id: UUID
    text: str


class NoteForbidden(Refusal):
    """Notes that shout are refused."""

    code = "note-shouts"


router = APIRouter()
HAPPENED: set[tuple[int, str]] = set()


def is_first(unit: UnitOfWork, text: str) -> bool:
    """Tell whether a text is written for the first time where a unit works."""
    key = (id(unit.runtime), text)
    is_new = key not in HAPPENED
    HAPPENED.add(key)
    return is_new


@router.post("/toy/v1/copies", status_code=201, response_model=NoteOut)
@router.post("/toy/v1/notes", status_code=201, response_model=NoteOut)
async def write_note(body: WriteNote, unit: CommandUnit) -> Response:
    """Write a note."""
    async with unit:
        unit.require_area(body.area_code)
        if body.text.isupper():
            raise NoteForbidden(pointer="/text")
        if body.text == "slow once" and is_first(unit, body.text):
            await unit.driver.execute("SELECT pg_sleep(30)")
        if body.text == "fail once" and is_first(unit, body.text):
            raise RuntimeError("a defect, once")
        note_id = new_id()
        await unit.connection.execute(
            insert(note).values(id=note_id, area_code=body.area_code, text=body.text, version=1)
        )
        unit.record(NoteWritten(note_id=note_id, length=len(body.text)), sequence=1, area=body.area_code)
        return unit.answer(NoteOut(id=note_id, text=body.text), status=201, etag=1)


@router.get("/toy/v1/notes/{note_id}", response_model=NoteOut)
async def read_note(note_id: UUID, unit: QueryUnit) -> Response:
    """Read a note."""
    async with unit:
        row = (
            await unit.connection.execute(select(note.c.id, note.c.text).where(note.c.id == note_id))
        ).one_or_none()
        if row is None:
            raise NotFound
        return unit.answer(NoteOut(id=row.id, text=row.text))


TOY = Service(
    name="toy",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=(router,),
    publishes=(NoteWritten,),
)
