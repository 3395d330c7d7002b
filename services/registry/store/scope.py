"""Looking beyond the caller's own area, for the few questions whose answer tells no more than yes or no."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

SET_AREA = "SELECT set_config('tuopin.area', $1, true)"


@asynccontextmanager
async def whole_register(driver: "asyncpg.Connection[Any]", area: str) -> AsyncIterator[None]:
    """Lift row-level security to the whole register inside the block, then put the caller's area back.

    A person stands on the register once in the country: a duplicate in the next township must be found, too.
    """
    await driver.execute(SET_AREA, "area:")
    yield
    # Not in a finally: after an error the transaction is over, and its settings with it.
    await driver.execute(SET_AREA, f"area:{area}")
