"""Three townships of one county, and a second county; everything filed in a place can be recognised wherever it shows up."""

import itertools
from dataclasses import dataclass, field
from typing import Any

import httpx

from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, DIVISIONS, household, identity, import_divisions

OTHER_COUNTY = "532931"
MORE = """532930103000,township,532930000000,戊镇
532930103201,village,532930103000,六村
532931000000,county,532900000000,剑川县
532931101000,township,532931000000,丁镇
532931101201,village,532931101000,五村
"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """An area with a village in it, and every word that gives away what was filed there."""

    mark: str
    area: str
    village: str
    above: str
    name: str
    canaries: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request; `actor` where it matters who asks."""

    method: str
    path: str
    json: Any = None
    content: bytes | None = None
    params: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    actor: str = "asker"

    def holds(self, word: str) -> bool:
        """Tell whether the request itself carries a word, so that an echo of it tells nothing."""
        return word in f"{self.path} {self.json} {self.params}" or word.encode() in (self.content or b"")


class World:
    """A registry with places and the means to file things in them."""

    def __init__(self, registry: Harness) -> None:
        self.registry = registry
        self.east = Place(mark="E", area="532930101", village="532930101201", above=COUNTY, name="金丝雀东")
        self.west = Place(mark="W", area="532930102", village="532930102201", above=COUNTY, name="金丝雀西")
        self.county = Place(mark="C", area=COUNTY, village="532930103201", above="5329", name="金丝雀县")
        self.abroad = Place(
            mark="A", area=OTHER_COUNTY, village="532931101201", above="5329", name="金丝雀外"
        )
        self._numbers = itertools.count(1)

    async def prepare(self) -> None:
        """Give the second county its divisions, and file a household in each place."""
        assert (await import_divisions(self.registry, DIVISIONS + MORE)).status_code == 201
        for place in (self.east, self.west, self.county, self.abroad):
            await self.household(place)

    def number(self) -> int:
        """Return a number that nobody had."""
        return next(self._numbers)

    def form(self, place: Place, **changes: Any) -> dict[str, Any]:
        """Return the form of a household whose every word is marked by its place."""
        number = self.number()
        form = household(number, village_code=place.village, file_number=f"{place.mark}-{number:05d}")
        form |= {"account": f"62170{number:014d}", "phone": f"139{number:08d}", "address": f"{place.name}屋"}
        for member in form["members"]:
            member["name"] = place.name
        form |= changes
        place.canaries.update({form["file_number"], form["account"], form["phone"], place.name})
        place.canaries.update({member["identity_number"] for member in form["members"]})
        return form

    async def household(self, place: Place, **changes: Any) -> str:
        """File a household and return its id."""
        answer = await self.officer("POST", "/households", place=place, json=self.form(place, **changes))
        place.canaries.add(answer["id"])
        return str(answer["id"])

    async def person(self, place: Place) -> str:
        """Return the id of the head of a new household."""
        return (await self.people(place, await self.household(place)))[0]

    async def people(self, place: Place, household_id: str) -> list[str]:
        """Return the ids of a household's people."""
        shown = await self.officer("GET", f"/households/{household_id}", place=place)
        found = [str(member["id"]) for member in shown["members"]]
        place.canaries.update(set(found))
        return found

    async def officer(self, method: str, path: str, *, place: Place, **request: Any) -> Any:
        """Do something as the county officer over a place, and return the answer's body."""
        who: dict[str, Any] = {"roles": [roles.OFFICER], "area": place.area[:6], "actor": "maker"}
        answer = await self.registry.call(method, f"/registry/v1{path}", **(who | request))
        assert answer.is_success, answer.text
        return answer.json()

    async def made(self, path: str, *, place: Place, **request: Any) -> str:
        """Make something as the county officer, and return its id, which gives its place away."""
        made = str((await self.officer("POST", path, place=place, **request))["id"])
        place.canaries.add(made)
        return made

    async def send(self, ask: Ask, *who: str, area: str) -> httpx.Response:
        """Send a request as somebody."""
        return await self.registry.call(
            ask.method,
            f"/registry/v1{ask.path}",
            roles=who,
            area=area,
            actor=ask.actor,
            headers=ask.headers,
            **self._body(ask),
        )

    async def send_without_token(self, ask: Ask) -> httpx.Response:
        """Send a request without a token."""
        return await self.registry.http.request(
            ask.method, f"/registry/v1{ask.path}", headers=ask.headers, **self._body(ask)
        )

    def number_of(self, number: int) -> str:
        """Return the identity number of the man of that number."""
        return identity(number)

    @staticmethod
    def _body(ask: Ask) -> dict[str, Any]:
        given = {"json": ask.json, "content": ask.content, "params": ask.params}
        return {name: value for name, value in given.items() if value is not None}
