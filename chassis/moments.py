"""A moment that a caller names: with its offset, and such that UTC has a date for it."""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AwareDatetime, Field

# A day inside of what a date can be: an offset moves a moment by less than that.
FIRST: Final = datetime(1, 1, 2, tzinfo=UTC)
LAST: Final = datetime(9999, 12, 30, tzinfo=UTC)

Moment = Annotated[AwareDatetime, Field(ge=FIRST, le=LAST)]
