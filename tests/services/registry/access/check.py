"""One operation tried by every role from its own area, from another one and from above; what leaks is named."""

import io
import zipfile
from dataclasses import dataclass

import httpx
import pypdf

from contracts.roles import ALL_ROLES
from tests.services.registry.access.recipe import Recipe
from tests.services.registry.access.world import Ask, Place, World

FORBIDDEN = 403
HIDDEN = frozenset({403, 404})
SUCCESS = frozenset({200, 201, 202, 204})


@dataclass(frozen=True)
class Tried:
    """One request and its answer."""

    who: str
    ask: Ask
    answer: httpx.Response

    def __str__(self) -> str:
        return f"{self.who}: {self.ask.method} {self.ask.path} -> {self.answer.status_code} {self.answer.text[:200]}"


async def faults_of(world: World, recipe: Recipe) -> list[str]:
    """Return every way in which an operation behaves otherwise than its recipe says."""
    home, away = (world.county, world.abroad) if recipe.of_county else (world.east, world.west)
    faults = await _without_token(world, recipe, home)
    heard: set[int] = set()
    for role in sorted(ALL_ROLES):
        if role in recipe.roles:
            faults += await _permitted(world, recipe, role, places=(home, away), heard=heard)
        else:
            faults += await _forbidden(world, recipe, role, home=home, away=away)
    if not heard & SUCCESS and recipe.at_home & SUCCESS:
        faults.append(f"nobody succeeds, so that nothing is proved: {sorted(heard)}")
    return faults


async def _without_token(world: World, recipe: Recipe, home: Place) -> list[str]:
    ask = await recipe.ask(world, home)
    tried = Tried("no token", ask, await world.send_without_token(ask))
    return _unless(tried.answer.status_code == 401, tried) + _leaks(tried, home)


async def _forbidden(world: World, recipe: Recipe, role: str, *, home: Place, away: Place) -> list[str]:
    ask = await recipe.ask(world, home)
    own = Tried(f"{role} at home", ask, await world.send(ask, role, area=home.area))
    other = Tried(f"{role} elsewhere", ask, await world.send(ask, role, area=away.area))
    above = Tried(f"{role} above", ask, await world.send(ask, role, area=home.above))
    faults = _unless(own.answer.status_code == FORBIDDEN, own)
    faults += _unless(above.answer.status_code == FORBIDDEN, above)
    faults += _unless(other.answer.status_code in HIDDEN, other)
    return faults + [leak for tried in (own, other, above) for leak in _leaks(tried, home)]


async def _permitted(
    world: World, recipe: Recipe, role: str, *, places: tuple[Place, Place], heard: set[int]
) -> list[str]:
    home, away = places
    ask = await recipe.ask(world, home)
    other = Tried(f"{role} elsewhere", ask, await world.send(ask, role, area=away.area))
    faults = _elsewhere(recipe, other, home)
    if recipe.of_county and not recipe.shown_below:
        below = Tried(f"{role} below", ask, await world.send(ask, role, area=world.west.area))
        faults += [] if below.answer.status_code == FORBIDDEN else _elsewhere(recipe, below, home)
        faults += _leaks(below, home)
    own = Tried(f"{role} at home", ask, await world.send(ask, role, area=home.area))
    faults += _at_home(recipe, own, home) + _leaks(own, away)
    ask = await recipe.ask(world, home)
    above = Tried(f"{role} above", ask, await world.send(ask, role, area=home.above))
    heard |= {own.answer.status_code, above.answer.status_code}
    return faults + _at_home(recipe, above, home)


def _elsewhere(recipe: Recipe, tried: Tried, home: Place) -> list[str]:
    if recipe.open_because:
        return []
    expected = frozenset({200}) if recipe.is_list else recipe.elsewhere
    return _unless(tried.answer.status_code in expected, tried) + _leaks(tried, home)


def _at_home(recipe: Recipe, tried: Tried, home: Place) -> list[str]:
    faults = _unless(tried.answer.status_code in recipe.at_home, tried)
    if recipe.is_list and recipe.shows:
        text = text_of(tried.answer)
        # A list that shows nothing to anybody would leak nothing, and prove nothing.
        faults += _unless(any(word in text for word in home.canaries), tried)
    return faults


def _leaks(tried: Tried, hidden: Place) -> list[str]:
    text = text_of(tried.answer)
    found = sorted(word for word in hidden.canaries if word in text and not tried.ask.holds(word))
    return [f"{tried.who} learned {found[:3]}: {tried}"] if found else []


def _unless(is_right: bool, tried: Tried) -> list[str]:
    return [] if is_right else [str(tried)]


def text_of(answer: httpx.Response) -> str:
    """Return what can be read in an answer, inside workbooks and papers too."""
    content = answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if content.startswith(b"%PDF"):
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return "".join("".join(page.extract_text() for page in pages).split())
    return content.decode("utf-8", "replace")
