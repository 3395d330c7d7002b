"""The households of a sample county: where they live, how large they are, and what their file says."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from cli.sample.county import County, CountyFigures, SiteKind
from cli.sample.division import codes_of
from cli.sample.identity import IdentityRegister, bank_account, bank_code
from cli.sample.member import build_members, build_parent
from cli.sample.plan import Division, SampleHousehold, SampleHousing, SampleIncome, SampleSite
from cli.sample.sums import UnreachableFigure, share, spread

LARGEST_HOUSEHOLD = 8
LARGEST_KEY_VILLAGE = 200
GROUPS_OF_A_VILLAGE = 8
TOWNSHIP_DIGITS = 9
REMOVED_LARGEST = 5
# Identity numbers of their own, so that nobody else's moves when a county changes its look-backs.
REMOVED_ORDER = 950
DECEASED_ORDER = 980
CAUSES = ("lack-of-skill", "illness", "lack-of-money", "lack-of-labour", "schooling", "poor-transport")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """A household before it has a file: its village, size and belongings."""

    village_code: str
    size: int
    dibao: bool
    site_key: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kin:
    size: int
    dibao: bool


def township_of(code: str) -> str:
    """Return the township's code of any code below it (GB/T 2260 and its 12-digit extension)."""
    return code[:TOWNSHIP_DIGITS] + "000"


def settle_villages(
    county: County, divisions: tuple[Division, ...], rng: Random
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return how many households each village has, and the designated poor villages among the smaller ones."""
    figures = county.figures
    villages = codes_of(divisions, "village")
    if len(villages) != figures.villages or len(codes_of(divisions, "township")) != figures.townships:
        raise UnreachableFigure("The division file has other numbers of townships or villages.")
    key = set(rng.sample(villages, figures.key_villages))
    others = [village for village in villages if village not in key]
    limit = figures.key_village_over
    low_total = (
        figures.households
        if not key
        else min(len(others) * share(limit, 4, 5), figures.households - len(key) * (limit + 1))
    )
    key_counts = spread(figures.households - low_total, len(key), (limit + 1, LARGEST_KEY_VILLAGE), rng)
    other_counts = spread(low_total, len(others), (1, limit), rng)
    counts = dict(zip([*sorted(key), *others], [*key_counts, *other_counts], strict=True))
    poor = tuple(sorted(rng.sample(others, figures.poor_villages)))
    return {village: counts[village] for village in villages}, poor


def settle_sites(
    county: County, counts: dict[str, int], rng: Random
) -> tuple[list[SampleSite], dict[str, list[_Kin]]]:
    """Return the relocation sites and, for each, the sizes of the households it houses."""
    room: dict[str, int] = defaultdict(int)
    for village, count in counts.items():
        room[township_of(village)] += count
    sites: list[SampleSite] = []
    kin_of: dict[str, list[_Kin]] = {}
    for kind in SiteKind:
        figures = county.figures.of_sites(kind)
        kin = _kin_of_kind(county.figures, kind, rng)
        parts = spread(figures.households, figures.sites, (1, max(1, figures.households)), rng)
        for number, part in enumerate(sorted(parts, reverse=True), start=1):
            housed, kin = kin[:part], kin[part:]
            township = max(sorted(room), key=lambda code: room[code])
            if room[township] < part:
                raise UnreachableFigure("A site is larger than the township that it draws from.")
            room[township] -= part
            village = rng.choice([code for code in counts if township_of(code) == township])
            site = SampleSite(
                key=f"{kind.value}-{number:02d}",
                name=f"样点{'集中' if kind is SiteKind.CENTRALIZED else '插花'}{number:02d}",
                kind=kind,
                township_code=township,
                village_code=village,
                planned_households=part,
                planned_persons=sum(one.size for one in housed),
            )
            sites.append(site)
            kin_of[site.key] = housed
    return sites, kin_of


def _kin_of_kind(figures: CountyFigures, kind: SiteKind | None, rng: Random) -> list[_Kin]:
    """Return household sizes of one kind of site, or of all who stay, with the county's share on dibao."""
    households, persons, poor_households, poor_persons = _stratum(figures, kind)
    bounds = (1, LARGEST_HOUSEHOLD)
    dibao = spread(poor_persons, poor_households, bounds, rng)
    ordinary = spread(persons - poor_persons, households - poor_households, bounds, rng)
    kin = [_Kin(size=size, dibao=True) for size in dibao] + [
        _Kin(size=size, dibao=False) for size in ordinary
    ]
    rng.shuffle(kin)
    return kin


def _stratum(figures: CountyFigures, kind: SiteKind | None) -> tuple[int, int, int, int]:
    if kind is not None:
        site = figures.of_sites(kind)
        return (
            site.households,
            site.persons,
            share(site.households, figures.dibao_households, figures.households),
            share(site.persons, figures.dibao_persons, figures.persons),
        )
    moved = [_stratum(figures, one) for one in SiteKind]
    return (
        figures.households - sum(one[0] for one in moved),
        figures.persons - sum(one[1] for one in moved),
        figures.dibao_households - sum(one[2] for one in moved),
        figures.dibao_persons - sum(one[3] for one in moved),
    )


def build_households(
    county: County,
    counts: dict[str, int],
    sites: tuple[list[SampleSite], dict[str, list[_Kin]]],
    rng: Random,
) -> tuple[SampleHousehold, ...]:
    """Return every household in order of its file number."""
    slots = _slots(county, counts, sites, rng)
    slots.sort(key=lambda slot: slot.village_code)
    register = IdentityRegister(county.code[:6])
    numbers: dict[str, int] = defaultdict(int)
    households = []
    for sequence, slot in enumerate(slots, start=1):
        numbers[slot.village_code] += 1
        place = (numbers[slot.village_code], sequence)
        households.append(_household(county, slot, place, register, rng=rng))
    return tuple(households)


def _household(
    county: County, slot: _Slot, place: tuple[int, int], register: IdentityRegister, *, rng: Random
) -> SampleHousehold:
    """Return a household at its place: its number in the village, and in the county."""
    in_village, in_county = place
    return SampleHousehold(
        file_number=f"{slot.village_code}{in_village:04d}",
        village_code=slot.village_code,
        group_no=rng.randint(1, GROUPS_OF_A_VILLAGE),
        dibao=slot.dibao,
        cause=rng.choice(CAUSES),
        bank_code=bank_code(township_of(slot.village_code)),
        bank_account=bank_account(in_county),
        income=_income(slot.size, dibao=slot.dibao, rng=rng),
        housing=_housing(slot, rng),
        members=build_members(
            slot.size,
            dibao=slot.dibao,
            ethnicity=rng.choice(county.ethnicities),
            register=register,
            rng=rng,
        ),
        site_key=slot.site_key,
    )


def build_removed(
    county: County, households: tuple[SampleHousehold, ...], rng: Random
) -> tuple[SampleHousehold, ...]:
    """Return the households that look-backs will remove; they live beside the others and are numbered after them."""
    register = IdentityRegister(county.code[:6], first=REMOVED_ORDER)
    numbers: dict[str, int] = Counter(one.village_code for one in households)
    villages = sorted(numbers)
    removed = []
    for sequence in range(sum(one.removed for one in county.look_backs)):
        village = rng.choice(villages)
        numbers[village] += 1
        slot = _Slot(village_code=village, size=rng.randint(1, REMOVED_LARGEST), dibao=False, site_key=None)
        place = (numbers[village], len(households) + sequence + 1)
        removed.append(_household(county, slot, place, register, rng=rng))
    return tuple(removed)


def with_deceased(
    households: tuple[SampleHousehold, ...], numbers: set[str], county: County, rng: Random
) -> tuple[SampleHousehold, ...]:
    """Return the households, some of them with one member more, who dies before the figures are counted."""
    register = IdentityRegister(county.code[:6], first=DECEASED_ORDER)

    def with_one_more(one: SampleHousehold) -> SampleHousehold:
        parent = build_parent(one.head, register=register, rng=rng)
        return replace(one, deceased=parent)

    return tuple(with_one_more(one) if one.file_number in numbers else one for one in households)


def _slots(
    county: County,
    counts: dict[str, int],
    sites: tuple[list[SampleSite], dict[str, list[_Kin]]],
    rng: Random,
) -> list[_Slot]:
    places: dict[str, list[str]] = defaultdict(list)
    for village, count in counts.items():
        places[township_of(village)] += [village] * count
    for homes in places.values():
        rng.shuffle(homes)
    slots = []
    for site in sites[0]:
        for kin in sites[1][site.key]:
            village = places[site.township_code].pop()
            slots.append(_Slot(village_code=village, size=kin.size, dibao=kin.dibao, site_key=site.key))
    left = [village for homes in places.values() for village in homes]
    for village, kin in zip(left, _kin_of_kind(county.figures, None, rng), strict=True):
        slots.append(_Slot(village_code=village, size=kin.size, dibao=kin.dibao, site_key=None))
    return slots


def _income(size: int, *, dibao: bool, rng: Random) -> SampleIncome:
    """Return an income whose net stays under the line of 2015 (2,855 yuan a person)."""
    wage = size * rng.randint(30_000, 90_000)
    business = size * rng.randint(60_000, 130_000)
    return SampleIncome(
        wage_fen=wage,
        business_fen=business,
        transfer_fen=size * rng.randint(5_000, 20_000) + (size * 20_000 if dibao else 0),
        property_fen=size * rng.randint(0, 5_000),
        cost_fen=share(business, rng.randint(10, 30), 100),
    )


def _housing(slot: _Slot, rng: Random) -> SampleHousing:
    return SampleHousing(
        area_m2=Decimal(rng.randint(40, 60) + 8 * slot.size),
        structure=rng.choice(("earth-wood", "brick-wood", "brick-concrete")),
        year_built=rng.randint(1975, 2008),
        power=True,
        fuel=rng.choice(("firewood", "coal", "electricity")),
        water=rng.choice(("tap", "well", "cellar")),
        market_km=Decimal(rng.randint(5, 250)) / 10,
        wants_relocation=slot.site_key is not None,
    )
