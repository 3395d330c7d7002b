"""Categories of a household on the wire: assigned from a day on, and looked at as periods."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.values import CATEGORIES
from services.registry import fields
from services.registry.schemas.request import Reference, Request

Category = Annotated[str, Field(pattern=f"^({'|'.join(CATEGORIES)})$")]
BasisDocument = Annotated[fields.Line, Field(description="Number or title of the document that decides it.")]


class CategoryRequest(Request):
    """A category from a day on; it ends the one before."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, validate_by_name=True, validate_by_alias=True
    )

    category: Category
    valid_from: Annotated[fields.Day, Field(alias="from", description="From this day on.")]
    basis_document: BasisDocument


class CategoryItem(CategoryRequest):
    """The category of one household in a list."""

    household_id: UUID
    reference_id: Reference = None


class BulkCategories(Request):
    """Up to 1,000 households whose category was decided, such as the subsistence allowance office's list."""

    items: Annotated[list[CategoryItem], Field(min_length=1, max_length=fields.MAX_ITEMS)]
    atomic: bool = Field(default=False, description="With true, one refusal refuses all.")


class CategoryPeriod(BaseModel):
    """A category and the days on which it held."""

    category: str
    valid_from: date
    valid_to: date | None = Field(description="The first day on which it no longer held.")
    version: int
    basis_document: str | None = Field(
        description="Null where the file itself stated it, and for all but clerks and county officers."
    )
    recorded_at: datetime


class DisabilityPeriod(BaseModel):
    """How many disabled people a household had, and when."""

    persons: int
    valid_from: date
    valid_to: date | None


class Categories(BaseModel):
    """A household's categories over time, as known now or before a moment."""

    household_id: UUID
    recorded_before: datetime | None
    categories: list[CategoryPeriod]
    disabled: list[DisabilityPeriod]
