"""Envelopes of the DCI Social Registry interface, version 1.0.0; what its documents leave open stays open here."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

VERSION = "1.0.0"
Text99 = Annotated[str, Field(min_length=1, max_length=99)]


class Asked(BaseModel):
    """Part of a request: the interface allows members that we do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Header(Asked):
    """Who sends which message, when, with how many requests in it."""

    version: str = VERSION
    message_id: Text99
    message_ts: str
    action: str
    sender_id: Text99
    sender_uri: str | None = None
    receiver_id: str | None = None
    total_count: int
    is_msg_encrypted: bool = False


class Criteria(Asked):
    """What is searched, how, and for which purpose."""

    version: str = VERSION
    reg_type: str | None = None
    reg_record_type: str | None = None
    query_type: str
    query: Any = Field(description="An object {type, value}, or a list of predicates.")
    response_entity: str | None = None
    sort: Any = None
    pagination: Any = None
    consent: Any = None
    authorize: Any = None


class SearchRequest(Asked):
    """One search of a message."""

    reference_id: Text99
    timestamp: str
    search_criteria: Criteria
    locale: str | None = None


class Message(Asked):
    """Searches that belong to one transaction of the sender."""

    transaction_id: Annotated[str, Field(max_length=99)]
    search_request: Annotated[list[SearchRequest], Field(min_length=1)]


class Envelope(Asked):
    """A request. Who sends it is known from the token; a signature is accepted and not needed."""

    signature: str | None = None
    header: Header
    message: Message


Status = Literal["succ", "rjct"]


class AnswerHeader(BaseModel):
    """The header of an answer."""

    version: str = VERSION
    message_id: str
    message_ts: datetime
    action: Literal["on-search"] = "on-search"
    status: Status
    status_reason_code: str | None = None
    status_reason_message: str | None = None
    total_count: int
    completed_count: int
    sender_id: str
    receiver_id: str
    is_msg_encrypted: bool = False


class Records(BaseModel):
    """What was found: SRPerson or Group records."""

    version: str = VERSION
    reg_type: str
    reg_record_type: str
    reg_records: list[dict[str, Any]]


class Pagination(BaseModel):
    """Which page of how many records."""

    page_size: int
    page_number: int
    total_count: int


class SearchResponse(BaseModel):
    """The answer to one search."""

    reference_id: str
    timestamp: datetime
    status: Status
    status_reason_code: str | None = None
    status_reason_message: str | None = None
    data: Records | None = None
    pagination: Pagination | None = None
    locale: str | None = None


class AnswerMessage(BaseModel):
    """The answers of a message."""

    transaction_id: str
    correlation_id: str
    search_response: list[SearchResponse]


class Answered(BaseModel):
    """An answer."""

    header: AnswerHeader
    message: AnswerMessage
