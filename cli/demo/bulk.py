"""Sending many items as few requests, and waiting for what another service has yet to hear."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from cli.api import Api

CHUNK = 500
PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.1


class DemoFailed(Exception):  # noqa: N818 - a sentence, as all errors here
    """The platform did not do what the sample county needs."""


async def send_all(
    api: Api, path: str, items: Sequence[dict[str, Any]], *, again: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Return one result for each item, in order; a refusal with a code of `again` is tried until it passes."""
    chunks = [items[start : start + CHUNK] for start in range(0, len(items), CHUNK)]
    answers = await asyncio.gather(*(_send(api, path, chunk, again) for chunk in chunks))
    return [result for answer in answers for result in answer]


async def _send(
    api: Api, path: str, items: Sequence[dict[str, Any]], again: Collection[str]
) -> list[dict[str, Any]]:
    done: dict[int, dict[str, Any]] = {}
    left = list(range(len(items)))
    ends = time.monotonic() + PATIENCE_SECONDS
    while left:
        answer = await api.post(path, {"atomic": False, "items": [items[index] for index in left]})
        results = dict(zip(left, answer["results"], strict=True))
        refused = {index: result for index, result in results.items() if result["outcome"] == "refused"}
        done |= {index: result for index, result in results.items() if index not in refused}
        final = [result for result in refused.values() if result["code"] not in again]
        if final or (refused and time.monotonic() > ends):
            codes = Counter(str(result["code"]) for result in refused.values())
            raise DemoFailed(f"{path} refused {len(refused)} of {len(items)} items: {dict(codes)}.")
        left = sorted(refused)
        if left:
            await asyncio.sleep(POLL_SECONDS)
    return [done[index] for index in sorted(done)]


async def until(what: str, look: Callable[[], Awaitable[bool]], seconds: float = PATIENCE_SECONDS) -> None:
    """Return when `look` finds what was waited for; DemoFailed after so long."""
    ends = time.monotonic() + seconds
    while not await look():
        if time.monotonic() > ends:
            raise DemoFailed(f"After {seconds:g} s there was still a wait for: {what}.")
        await asyncio.sleep(POLL_SECONDS)
