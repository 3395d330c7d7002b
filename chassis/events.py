"""The envelope of every fact: CloudEvents 1.0.2 in structured JSON, its data left raw until a handler wants it."""

from datetime import date, datetime
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

import msgspec

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/json"


class Fact(Protocol):
    """What the chassis needs to know of an event type; contracts/ holds the types themselves."""

    event_type: ClassVar[str]
    topic: ClassVar[str]
    data_class: ClassVar[str]
    subject_kind: ClassVar[str]

    def subject_id(self) -> str:
        """Return the id of the subject, which is also the key that orders its events."""
        ...


class Envelope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event on the wire. Personal data never stands here: references only."""

    specversion: str
    id: UUID
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    dataschema: str
    partitionkey: str
    sequence: int
    businessdate: date
    areacode: str
    actorid: str
    correlationid: str
    data_class: str = msgspec.field(name="dataclass")
    data: msgspec.Raw
    causationid: str | None = None
    traceparent: str | None = None

    @property
    def subject_id(self) -> str:
        """The id part of `household/<id>`."""
        return self.subject.partition("/")[2]


F = TypeVar("F")


class Received(msgspec.Struct, Generic[F], frozen=True):
    """An event as a handler sees it: the envelope and its typed data."""

    envelope: Envelope
    data: F


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Envelope)


def encode_envelope(envelope: Envelope) -> bytes:
    """Return the envelope as JSON bytes."""
    return _encoder.encode(envelope)


def decode_envelope(payload: bytes) -> Envelope:
    """Return the envelope with its data still raw; msgspec.DecodeError or ValidationError when it is none."""
    return _decoder.decode(payload)


def encode_data(fact: Any) -> msgspec.Raw:
    """Return a fact's data as raw JSON."""
    return msgspec.Raw(_encoder.encode(fact))


def schema_address(event_type: str) -> str:
    """Return the relative address under which a service serves the JSON Schema of an event type."""
    owner = event_type.partition(".")[0]
    return f"/{owner}/v1/schemas/{event_type}.json"
