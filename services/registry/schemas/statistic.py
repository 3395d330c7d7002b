"""Answers that count: each number with its day, its population and the versions that it rests on."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field


class Lineage(BaseModel):
    """What a count rests on, so that anybody can take it again and find the same."""

    sources: list[str] = Field(description="The tables that were read.")
    rule: str = Field(description="Which households belong to the population.")
    as_of: date
    recorded_before: datetime = Field(
        description="Asked again with this moment and this day, the number and the digest are the same."
    )
    households: int
    versions: int = Field(description="A version of the file and one of the state for each household.")
    sha256: str = Field(
        description="SHA-256 over a line for each household, sorted by id: `id version standing_version` and a line feed."
    )
    rows: str = Field(description="Where the households are listed, page by page.")
    is_settled: bool = Field(
        description="Every command that began before the moment had ended; until then one of them may still add to it."
    )


class CountedHousehold(BaseModel):
    """One household behind a count, with the two versions that speak for it."""

    household_id: UUID
    version: int
    standing_version: int
    file_number: str
    village_code: str
    category: str
    cause: str
    persons: int
    valid_from: date
    status: str
    status_since: date
    is_on_register: bool


class RoundCounts(BaseModel):
    """A round's households on its last day, or on the day asked for, beside its opening snapshot.

    Counted from the history: what was taken up in the round is on the register and was not at its opening.
    """

    kind: str
    number: int
    scope: str
    as_of: date
    opened_on: date
    closed_on: date | None
    opening_households: int
    opening_persons: int
    added_households: int
    added_persons: int
    removed_households: int
    removed_persons: int
    changed_persons: int
    lineage: Lineage


class Group(BaseModel):
    """Households and people of one township, village, category, state, cause or round."""

    key: str
    name: str | None = None
    households: int
    persons: int
    round: RoundCounts | None = None


class Counts(BaseModel):
    """Households and their people."""

    households: int
    persons: int


class Statistics(BaseModel):
    """Households and people on the register as of a day, counted from its history."""

    as_of: date
    recorded_before: datetime | None
    area: str
    population: str
    source: str
    households: int
    persons: int
    dibao_households: int
    dibao_persons: int
    by_category: dict[str, int]
    by_status: dict[str, int]
    categories: dict[str, Counts]
    group_by: str | None
    groups: list[Group]
    next: str | None = Field(default=None, description="Cursor of the groups after these.")
    lineage: Lineage


class OverlapCount(Counts):
    """An overlap of the register with another list, and its share of the register."""

    household_share_percent: str | None = Field(
        description="Of the households on the register; null without any."
    )
    person_share_percent: str | None
    lineage: Lineage


class DisabledCount(OverlapCount):
    """Households with a disabled person, and how many such persons."""

    disabled_persons: int


class Overlaps(BaseModel):
    """Who is on the register and on another list, all from one snapshot (两户重合)."""

    as_of: date
    area: str
    registered: Counts
    registered_lineage: Lineage
    dibao: OverlapCount
    wubao: OverlapCount
    with_disabled_person: DisabledCount


class KeyVillage(BaseModel):
    """A village with more households on the register than the limit, which is no poor village."""

    village_code: str
    name: str
    households: int
    persons: int


class KeyVillages(BaseModel):
    """The key villages on a day, computed."""

    as_of: date
    area: str
    above_households: int
    basis: str
    rule_pack: str
    rule_pack_version: int
    villages: int
    key_villages: int
    poor_villages: int = Field(description="As the county states them; none of them is a key village.")
    households: int
    persons: int
    items: list[KeyVillage]
    next: str | None = None
    lineage: Lineage
