"""Requests: money only as decimal strings, unknown members refused."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chassis.money import Amount, YuanIn
from contracts.values import FUND_SOURCES
from services.finance.domain.batch import MAX_ITEMS

MAX_FEN = 10**15

Code = Annotated[str, Field(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]*$", max_length=64)]
Words = Annotated[str, Field(pattern=r"^\P{C}+$", max_length=140)]
Source = Annotated[str, Field(pattern=f"^({'|'.join(FUND_SOURCES)})$")]


def _positive(amount: Amount) -> Amount:
    if not 0 < amount.fen <= MAX_FEN:
        raise ValueError("The amount must be greater than zero and at most 10000000000000.00")
    return amount


PositiveAmount = Annotated[Amount, AfterValidator(_positive)]


class Strict(BaseModel):
    """A request without members we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DebtorAccountIn(Strict):
    """The public account the fund's money is kept in."""

    holder: Words
    number: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,34}$")]
    bank_code: Annotated[str, Field(pattern=r"^[0-9]{12}$", description="CNAPS bank code.")]


class FundRequest(Strict):
    """A new fund."""

    source: Source
    name: Words
    account: DebtorAccountIn
    bank_client: UUID | None = Field(
        default=None, description="The partner client of the bank that pays from it; any bank when left out."
    )


class ReceiptRequest(Strict):
    """Money that arrived."""

    amount: PositiveAmount
    received_on: date | None = None
    reference: Words | None = None


class AllocationRequest(Strict):
    """Money set aside for a programme."""

    fund_id: UUID
    programme_code: Code
    amount: PositiveAmount
    reference: Words | None = None


class ReversalRequest(Strict):
    """Why a receipt or an allocation was wrong."""

    reason: Words


class WithdrawalRequest(Strict):
    """Why a payment is not to be made, as a code."""

    reason: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=64, examples=["claim-mistaken"])
    ]


class BatchRequest(Strict):
    """A batch: either chosen items, or all free items of the programme; count and sum as the maker knows them."""

    programme_code: Code
    payment_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_ITEMS)] | None = None
    all: Literal[True] | None = None
    declared_count: Annotated[int, Field(ge=1, le=MAX_ITEMS, strict=True)]
    declared_sum: YuanIn
    fund_id: UUID | None = Field(
        default=None, description="Pay from this fund; else from the first whose allocation covers the batch."
    )

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if (self.payment_ids is None) == (self.all is None):
            raise ValueError("Name either payment_ids or all")
        if self.payment_ids is not None and len(set(self.payment_ids)) != len(self.payment_ids):
            raise ValueError("A payment item may be named once")
        return self
