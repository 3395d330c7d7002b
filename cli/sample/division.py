"""The packaged division file of a sample county: the only thing the generator reads."""

import csv
from importlib import resources

from cli.sample.county import County
from cli.sample.plan import Division


def division_bytes(county: County) -> bytes:
    """Return the division file as it is packaged, ready for `tuopin import divisions`."""
    return resources.files("cli.sample").joinpath(county.divisions).read_bytes()


def load_divisions(county: County) -> tuple[Division, ...]:
    """Return the county's divisions in file order."""
    rows = csv.DictReader(division_bytes(county).decode("utf-8").splitlines())
    return tuple(
        Division(code=row["code"], level=row["level"], parent_code=row["parent_code"], name=row["name"])
        for row in rows
    )


def codes_of(divisions: tuple[Division, ...], level: str) -> tuple[str, ...]:
    """Return the codes of one level in file order."""
    return tuple(division.code for division in divisions if division.level == level)
