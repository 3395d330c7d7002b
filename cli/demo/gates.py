"""Every gate of a round tried before its turn: each attempt has to be refused, with the rule and the document behind it."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final

from cli.api import Refused
from cli.demo.acts import Village, sign_off
from cli.demo.tried import TriedGate
from contracts import values

FIRST_CLOSED: Final = "first-notice-closed"
SECOND_CLOSED: Final = "second-notice-closed"
ANNOUNCED: Final = "announcement"
SIGNED_OFF: Final = "sign-off"
Attempt = Callable[[Village, date], Awaitable[object]]


def _evaluation(kind: str) -> Attempt:
    return lambda village, _: village.hold(kind, village.numbers)


def _determination(kind: str) -> Attempt:
    return lambda village, on: village.determine(kind, on=on)


def _notice(kind: str) -> Attempt:
    return lambda village, on: village.post_notice(kind, on=on)


def _closing(kind: str) -> Attempt:
    return lambda village, on: village.close_notice(kind, on=on)


# In the order in which a village passes them.
GATES: Final[dict[str, Attempt]] = {
    **{kind: _evaluation(kind) for kind in values.EVALUATIONS},
    values.VILLAGE_INITIAL: _determination(values.VILLAGE_INITIAL),
    values.REPRESENTATIVES: _determination(values.REPRESENTATIVES),
    values.FIRST_NOTICE: _notice(values.FIRST_NOTICE),
    FIRST_CLOSED: _closing(values.FIRST_NOTICE),
    values.TOWNSHIP_REVIEW: _determination(values.TOWNSHIP_REVIEW),
    values.SECOND_NOTICE: _notice(values.SECOND_NOTICE),
    SECOND_CLOSED: _closing(values.SECOND_NOTICE),
    values.COUNTY_CONFIRMATION: _determination(values.COUNTY_CONFIRMATION),
    ANNOUNCED: lambda village, on: village.announce(on=on),
    SIGNED_OFF: lambda village, _: sign_off(village.world, village.round),
}
# They look at every household of the county: tried before anything else, and shortly before their turn.
COUNTY_WIDE: Final = (values.COUNTY_CONFIRMATION, SIGNED_OFF)
CLOSINGS: Final = {FIRST_CLOSED: values.FIRST_NOTICE, SECOND_CLOSED: values.SECOND_NOTICE}


async def try_early(village: Village, *, after: str | None, on: date) -> None:
    """Try every gate that is not yet open to a village which has passed the gate `after` and no other.

    The gate that comes next is left out, but for a notice's closing: on the day of its posting that is too early.
    """
    names = list(GATES)
    passed = names.index(after) + 1 if after else 0
    # Nobody has been visited yet when no gate is passed, so the first is shut as well.
    is_shut = after is None or names[passed] in CLOSINGS
    ahead = names[passed if is_shut else passed + 1 :]
    for name in ahead:
        is_far = name in COUNTY_WIDE and after is not None and name not in ahead[:2]
        if is_far or (name in CLOSINGS and not _hangs(village, CLOSINGS[name])):
            continue
        await _try(village, name, after, on)


async def object_and_answer(village: Village, kind: str, *, on: date) -> None:
    """Hand in an objection to a village's notice, fail to close it while that is open, and answer it."""
    filed = {
        "channel": "in-person",
        "filed_on": str(on),
        "by": "样村民",
        "text": "样例异议：请复核本村名单。",
        "household_id": village.world.households[village.numbers[0]],
    }
    objection = await village.town.clerk.api.post(f"{village.notice(kind)}/objections", filed)
    closing = next(name for name, closed in CLOSINGS.items() if closed == kind)
    await _try(village, closing, "objection", on)
    decided = {"outcome": "dismissed", "answer": "样例答复：已入户核查。", "decided_on": str(on)}
    await village.world.officer.post(f"/registry/v1/objections/{objection['id']}/decisions", decided)


def _hangs(village: Village, kind: str) -> bool:
    return (village.round.key, kind, village.code) in village.world.notices


async def _try(village: Village, name: str, after: str | None, on: date) -> None:
    answer = await answer_of(GATES[name](village, on))
    village.world.gates.append(TriedGate(round=village.round.key, gate=name, after=after, **answer))


async def answer_of(attempt: Awaitable[object]) -> dict[str, str | None]:
    """Return code, rule and document of the problem that an attempt is answered with; None of each when it passes."""
    problem: dict[str, object] = {}
    try:
        await attempt
    except Refused as refused:
        problem = refused.problem
    return {key: str(problem[key]) if problem.get(key) else None for key in ("code", "rule", "basis")}
