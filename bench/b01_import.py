"""B1: an import of households with every check, history and facts, against raw COPY and the ORM way of the same rows."""

import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import registry as mapper_registry

from bench import harness
from bench.households import Households
from bench.registry import Registry, opened
from bench.size import scaled
from chassis import outbox
from chassis.database import with_driver
from chassis.serving import settle
from services.registry.handlers import workbook_import
from services.registry.handlers.workbook_import import ImportWorkbook, commit_households, import_workbook
from services.registry.store import bulk
from services.registry.store import division as divisions
from services.registry.tables.every import metadata
from services.registry.workbook.export import export_households
from services.registry.workbook.package import Limits
from services.registry.workbook.read import Workbook, read_workbook
from services.registry.workbook.validate import validate

HOUSEHOLDS = scaled(2_000)
BY_ORM = scaled(300)


def main() -> None:
    """Run B1."""
    with TemporaryDirectory(prefix="tuopin-bench-") as folder, harness.server() as url:
        harness.run(lambda: _b1(url, Path(folder)))


Rows = Mapping[str, Sequence[Sequence[Any]]]
COLUMNS = {**bulk.TABLES, "outbox": outbox.COLUMNS}


class _World:
    """One workbook, the rows it becomes, and three ways to enter them into an empty register."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._drafts = [made.draft() for made in [Households()] for _ in range(HOUSEHOLDS)]
        self.document = export_households(self._drafts)
        self.workbook: Workbook = read_workbook(self.document, Limits())
        self.rows: Rows = {}

    async def prepare(self) -> None:
        """Keep the rows that an import leaves, ready to be entered again."""
        async with self._registry.unit() as unit:
            await commit_households(self._drafts, unit)
        self.rows = {
            table: [
                tuple(row)
                for row in await self._registry.admin.fetch(
                    f"SELECT {', '.join(columns)} FROM registry.{table}"
                )
            ]
            for table, columns in COLUMNS.items()
        }

    async def imported(self) -> float:
        """Check every cell and the register, then enter households, people, history and facts."""
        await self._registry.empty()
        started = time.perf_counter()
        unit = self._registry.unit()
        async with unit:
            villages = await divisions.list_villages(unit.driver, unit.principal.area)
            validation = validate(self.workbook, villages, unit.today)
            checked = await workbook_import._check_register(validation, unit)  # noqa: SLF001 - the product's own step
            assert checked.is_faultless
            await commit_households(checked.households, unit)
        return HOUSEHOLDS / (time.perf_counter() - started)

    async def copied(self) -> float:
        """Copy the ready rows into the same tables as the superuser."""
        await self._registry.empty()
        admin = self._registry.admin
        started = time.perf_counter()
        async with admin.transaction():
            for table, rows in self.rows.items():
                await admin.copy_records_to_table(
                    table, records=rows, columns=COLUMNS[table], schema_name="registry"
                )
        return HOUSEHOLDS / (time.perf_counter() - started)

    async def whole(self) -> float:
        """Import the workbook as a request does, from its bytes on."""
        await self._registry.empty()
        started = time.perf_counter()
        await import_workbook(ImportWorkbook(document=self.document, is_dry_run=False), self._registry.unit())
        return HOUSEHOLDS / (time.perf_counter() - started)


class _Orm:
    """The usual way: a class a table, objects added to a session."""

    def __init__(self, registry: Registry, rows: Rows) -> None:
        self._registry = registry
        mapping = mapper_registry()
        self._rows: list[tuple[type[Any], list[dict[str, Any]]]] = []
        for table, records in rows.items():
            entity = type(table.title(), (), {})
            mapping.map_imperatively(entity, metadata.tables[table])
            share = len(records) * BY_ORM // HOUSEHOLDS
            self._rows.append(
                (entity, [dict(zip(COLUMNS[table], row, strict=True)) for row in records[:share]])
            )
        url = with_driver(registry.url)
        options = {"server_settings": {"tuopin.area": "area:"}}
        self._engine = create_async_engine(make_url(url), connect_args=options)

    async def added(self) -> float:
        """Add objects of a share of the households and commit."""
        await self._registry.empty()
        started = time.perf_counter()
        async with AsyncSession(self._engine) as session, session.begin():
            for entity, records in self._rows:
                session.add_all([_object_of(entity, values) for values in records])
                await session.flush()
        return BY_ORM / (time.perf_counter() - started)

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


def _object_of(entity: type[Any], values: Mapping[str, Any]) -> Any:
    one = entity()
    for name, value in values.items():
        setattr(one, name, value)
    return one


async def _b1(url: str, folder: Path) -> None:
    async with opened(url, folder) as registry:
        registry.runtime.clock.move_to(date(2016, 6, 1))
        world = _World(registry)
        await world.prepare()
        orm = _Orm(registry, world.rows)
        settle()
        found = harness.Comparison(
            name="B1",
            what=f"import of {HOUSEHOLDS:,} households, {HOUSEHOLDS * 4:,} people: all checks, history, facts",
            unit="households/s",
            target=">= 0.55; >= 5x",
        )
        rivals = {"raw COPY of the ready rows": world.copied, "ORM, the ready rows": orm.added}
        await harness.compare(found, world.imported, rivals)
        from_bytes = [await world.whole() for _ in range(2)]
        found.notes.append(f"from the bytes of the workbook on: {harness.figures_of(from_bytes[1:]).strip()}")
        await orm.close()
    harness.report(found)
