"""JSON Schemas of the events, the check that a new edition can still be read, and the words that may not occur."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from contracts.catalogue import ALL_EVENTS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
PERSONAL_WORDS: Final = frozenset(
    {
        "name",
        "names",
        "identity",
        "account",
        "iban",
        "phone",
        "mobile",
        "diagnosis",
        "birthday",
        "born",
        "address",
    }
)
_REFERENCE: Final = "#/$defs/"

Schema = dict[str, Any]


def schema_of(event: Any) -> Schema:
    """Return the JSON Schema of an event's data, the event itself at the root."""
    generated = msgspec.json.schema(event)
    definitions = generated["$defs"]
    root = definitions.pop(event.__name__)
    owner = event.event_type.partition(".")[0]
    schema = {
        "$schema": DIALECT,
        "$id": f"/{owner}/v1/schemas/{event.event_type}.json",
        **root,
        "x-topic": event.topic,
        "x-data-class": event.data_class,
        "x-subject": f"{event.subject_kind}/<id>",
    }
    return {**schema, "$defs": definitions} if definitions else schema


def as_text(document: Schema) -> str:
    """Return a document as stable, readable JSON with a final line break."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def snapshots(events: Iterable[Any] = ALL_EVENTS) -> dict[str, str]:
    """Return file name and text of the schema snapshot of every event."""
    return {f"{event.event_type}.json": as_text(schema_of(event)) for event in events}


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """Return why a reader of the old schema could not read the new writer, or the other way round; [] if both can.

    Only adding an optional field is compatible: both editions are on the wire at once.
    """
    return list(_differences("data", _Part(old, old), _Part(new, new)))


def removed_events(old_types: Iterable[str], events: Iterable[Any] = ALL_EVENTS) -> list[str]:
    """Return the event types that once were published and are no longer in the catalogue."""
    return sorted(set(old_types) - {event.event_type for event in events})


class _Part:
    """A schema node with references followed."""

    def __init__(self, node: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        reference = node.get("$ref")
        found = document["$defs"][reference.removeprefix(_REFERENCE)] if reference else node
        self.node: Mapping[str, Any] = found
        self.document = document

    def child(self, node: Mapping[str, Any]) -> "_Part":
        return _Part(node, self.document)

    def shape(self) -> tuple[Any, Any]:
        return self.node.get("type"), self.node.get("format")


def _differences(where: str, old: _Part, new: _Part) -> Iterator[str]:
    if old.shape() != new.shape():
        yield f"{where}: the type changed from {old.shape()} to {new.shape()}"
        return
    yield from _alternatives(where, old, new)
    yield from _fields(where, old, new)
    if "items" in old.node and "items" in new.node:
        yield from _differences(f"{where}[]", old.child(old.node["items"]), new.child(new.node["items"]))


def _alternatives(where: str, old: _Part, new: _Part) -> Iterator[str]:
    before = [old.child(node).shape() for node in old.node.get("anyOf", ())]
    after = [new.child(node).shape() for node in new.node.get("anyOf", ())]
    if before != after:
        yield f"{where}: the type changed from {before} to {after}"


def _fields(where: str, old: _Part, new: _Part) -> Iterator[str]:
    before, after = old.node.get("properties", {}), new.node.get("properties", {})
    needed_before, needed_after = set(old.node.get("required", ())), set(new.node.get("required", ()))
    for field in before:
        if field not in after:
            yield f"{where}.{field}: the field was removed"
            continue
        if field in needed_before and field not in needed_after:
            yield f"{where}.{field}: the field may now be missing"
        yield from _differences(f"{where}.{field}", old.child(before[field]), new.child(after[field]))
    for field in sorted(needed_after - needed_before):
        yield f"{where}.{field}: the field is required and was not before"


def personal_fields(schema: Schema) -> list[str]:
    """Return the fields whose names hint at personal data, which no event may carry."""
    nodes = (schema, *schema.get("$defs", {}).values())
    fields = (field for node in nodes for field in node.get("properties", {}))
    return sorted(field for field in fields if PERSONAL_WORDS & set(field.lower().split("_")))
