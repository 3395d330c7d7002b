"""The acts of a round in one village, each as its office enters it: meetings, determinations, notices, the announcement."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cli.api import Api
from cli.demo.people import Town
from cli.demo.world import World
from cli.sample.plan import SampleRound
from contracts import values

ROUNDS = "/registry/v1/rounds"
NOTICES = "/registry/v1/notices"
ELIGIBLE = 30
PRESENT = 24
ABSTAINED = 2
ROLL = [f"样村民{number}" for number in range(1, PRESENT + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """One village in one round: who acts for it, and the households it decides about, by file number."""

    world: World
    round: SampleRound
    town: Town
    code: str
    numbers: Sequence[str]

    @property
    def path(self) -> str:
        """The path of the round."""
        return f"{ROUNDS}/{self.world.rounds[self.round.key]}"

    async def hold(self, evaluation: str, group: Sequence[str]) -> str:
        """Hold an evaluation about a group of households and return the meeting's id."""
        votes = {"votes_for": PRESENT - ABSTAINED, "votes_against": 0, "abstentions": ABSTAINED}
        mark = f"{self.round.key} {evaluation} {self.code} {len(group)}"
        body = {
            "evaluation": evaluation,
            "village_code": self.code,
            "held_on": str(self.round.dates.evaluated_on),
            "place": "村委会会议室",
            "convenor": "village-secretary",
            "eligible": ELIGIBLE,
            "roll": ROLL,
            "team_member_present": True,
            "photos_sha256": [_hash(f"{mark} photo")],
            "minutes": "逐户评议，逐户表决。样例会议记录。",
            "minutes_sha256": _hash(f"{mark} minutes"),
            "results": [{"household_id": self.world.households[number], **votes} for number in group],
        }
        held = await self.town.committee.api.post(f"{self.path}/meetings", body)
        return str(held["id"])

    async def determine(self, determination: str, *, on: date) -> None:
        """Let the body of a determination determine about this village, or the county about all of itself."""
        who = {
            values.VILLAGE_INITIAL: self.town.committee,
            values.REPRESENTATIVES: self.town.team,
            values.TOWNSHIP_REVIEW: self.town.clerk,
            values.COUNTY_CONFIRMATION: self.world.people.officer,
        }
        is_county = determination == values.COUNTY_CONFIRMATION
        what = (determination, self.world.county_area if is_county else self.code)
        await determine(self.world, self.round, who[determination].api, what, on=on)

    async def post_notice(self, kind: str, *, on: date) -> None:
        """Hang the village's list up."""
        body = {"kind": kind, "village_code": self.code, "posted_on": str(on), **self._hung(kind)}
        # The township posts what it has reviewed.
        poster = self.town.clerk if kind == values.SECOND_NOTICE else self.town.committee
        posted = await poster.api.post(f"{self.path}/notices", body)
        self.world.notices[self.round.key, kind, self.code] = posted["id"]

    async def close_notice(self, kind: str, *, on: date) -> None:
        """Close a notice of the village."""
        await self.town.committee.api.post(f"{self.notice(kind)}/closures", {"on": str(on)})

    def notice(self, kind: str) -> str:
        """Return the path of a notice of the village."""
        return f"{NOTICES}/{self.world.notices[self.round.key, kind, self.code]}"

    async def announce(self, *, on: date) -> None:
        """Announce what was confirmed; with that it takes effect."""
        body = {"village_code": self.code, "published_on": str(on), **self._hung("announcement")}
        await self.town.clerk.api.post(f"{self.path}/announcements", body)

    def _hung(self, what: str) -> dict[str, str]:
        return {"place": "村务公开栏", "photo_sha256": _hash(f"{self.round.key} {self.code} {what}")}


async def determine(world: World, one: SampleRound, api: Api, what: tuple[str, str], *, on: date) -> None:
    """Determine about an area: a village, a township's nine digits, or the county's six."""
    determination, area = what
    body = {
        "determination": determination,
        "area": area,
        "determined_on": str(on),
        "document": f"样例〔{on.year}〕{determination}",
    }
    await api.post(f"{ROUNDS}/{world.rounds[one.key]}/determinations", body)


async def sign_off(world: World, one: SampleRound) -> dict[str, int]:
    """Close a round, as somebody else than who opened it, and return its counts."""
    closed = await world.people.deputy.api.post(f"{ROUNDS}/{world.rounds[one.key]}/closures", {})
    counts: dict[str, int] = closed["counts"]
    return counts


def _hash(text: str) -> str:
    return hashlib.sha256(f"synthetic {text}".encode()).hexdigest()
