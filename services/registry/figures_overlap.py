"""Who is on the register and on another list, and which villages have most of them, each counted from one snapshot."""

from collections.abc import Iterable

from chassis.pagination import decode_cursor, encode_cursor
from chassis.unit_of_work import UnitOfWork
from contracts.values import DIBAO, WUBAO
from services.registry import figures_lineage, rules
from services.registry.domain.area import is_key_village
from services.registry.domain.share import percent
from services.registry.schemas import statistic as answer
from services.registry.store import area as areas
from services.registry.store import count as store
from services.registry.store import division as divisions
from services.registry.store.count import Asked, Group, Rest
from services.registry.store.row import COUNTY_DIGITS

KEY_VILLAGE = "key-village"
OVERLAPS = (store.ON_REGISTER, DIBAO, WUBAO, store.WITH_DISABLED_PERSON)


async def overlaps(unit: UnitOfWork, asked: Asked) -> answer.Overlaps:
    """Count the households on the register that are on another list, too, with their shares."""
    counted, lineages = await figures_lineage.tally(unit, asked, populations=OVERLAPS)
    rests = counted.rests
    whole = rests[store.ON_REGISTER]

    def overlap(population: str) -> answer.OverlapCount:
        return _overlap(rests[population], whole, lineages[population])

    disabled = overlap(store.WITH_DISABLED_PERSON)
    return answer.Overlaps(
        as_of=asked.as_of,
        area=asked.area,
        registered=answer.Counts(households=whole.households, persons=whole.persons),
        registered_lineage=lineages[store.ON_REGISTER],
        dibao=overlap(DIBAO),
        wubao=overlap(WUBAO),
        with_disabled_person=answer.DisabledCount(
            **dict(disabled), disabled_persons=rests[store.DISABLED_PERSONS_COUNTED].persons
        ),
    )


async def key_villages(
    unit: UnitOfWork, asked: Asked, *, cursor: str | None, limit: int
) -> answer.KeyVillages:
    """List the villages with more households on the register than their county's rule pack of the day says, but for poor ones."""
    pack = await rules.pack_in_force(unit.driver, asked.as_of, area=asked.area)
    counted, lineages = await figures_lineage.tally(
        unit, asked, group=store.VILLAGE, populations=(store.ON_REGISTER,)
    )
    villages = _by_village(counted.groups)
    poor = await areas.list_poor_villages(
        unit.driver, asked.area, as_of=asked.as_of, recorded_before=asked.recorded_before
    )
    packs = await rules.packs_in_force(unit.driver, asked.as_of, areas=villages)
    key = {
        code: sums
        for code, sums in villages.items()
        if is_key_village(sums.households, packs[code[:COUNTY_DIGITS]], is_poor_village=code in poor)
    }
    (last,) = decode_cursor(cursor, str) or ("",)
    left = [code for code in sorted(key) if code > last]
    names = await divisions.names_of(unit.driver, left[:limit])
    return answer.KeyVillages(
        as_of=asked.as_of,
        area=asked.area,
        above_households=pack.key_village_above_households,
        basis=pack.basis(KEY_VILLAGE),
        rule_pack=pack.code,
        rule_pack_version=pack.version,
        villages=len(villages),
        key_villages=len(key),
        poor_villages=len(poor),
        households=sum(sums.households for sums in key.values()),
        persons=sum(sums.persons for sums in key.values()),
        items=[
            answer.KeyVillage(village_code=code, name=names.get(code, ""), **key[code].model_dump())
            for code in left[:limit]
        ],
        next=encode_cursor(left[limit - 1]) if len(left) > limit else None,
        lineage=lineages[store.ON_REGISTER],
    )


def _by_village(groups: Iterable[Group]) -> dict[str, answer.Counts]:
    villages: dict[str, answer.Counts] = {}
    for one in groups:
        if one.is_on_register:
            sums = villages.setdefault(one.key, answer.Counts(households=0, persons=0))
            sums.households += one.households
            sums.persons += one.persons
    return villages


def _overlap(rest: Rest, whole: Rest, lineage: answer.Lineage) -> answer.OverlapCount:
    return answer.OverlapCount(
        households=rest.households,
        persons=rest.persons,
        household_share_percent=percent(rest.households, whole.households),
        person_share_percent=percent(rest.persons, whole.persons),
        lineage=lineage,
    )
