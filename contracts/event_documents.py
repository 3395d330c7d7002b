"""The two documents made from the catalogue: a page for readers and an AsyncAPI description for tools."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from contracts.catalogue import ALL_EVENTS
from contracts.schema_tools import Schema, as_text, schema_of
from contracts.topics import ALL_TOPICS, owner_of

_COMPONENT: Final = "#/components/schemas/{name}"
_TEXT: Final = {"type": "string"}
_UUID: Final = {"type": "string", "format": "uuid"}
ENVELOPE: Final[Schema] = {
    "title": "Envelope",
    "description": "CloudEvents 1.0.2 in structured mode, with the platform's extension attributes.",
    "type": "object",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {**_UUID, "description": "UUIDv7 of the event; a reader applies each id once."},
        "source": {"type": "string", "format": "uri-reference", "examples": ["/tuopin/registry"]},
        "type": {"type": "string", "description": "Owner, fact and version."},
        "subject": {"type": "string", "description": "Kind and id of what the fact is about."},
        "time": {
            "type": "string",
            "format": "date-time",
            "description": "When it was recorded, in real time.",
        },
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"type": "string", "format": "uri-reference"},
        "partitionkey": {"type": "string", "description": "Key that orders the events of one subject."},
        "sequence": {"type": "integer", "description": "Version of the subject after this fact: 1, 2, 3 ..."},
        "businessdate": {"type": "string", "format": "date", "description": "Date the fact counts for."},
        "areacode": {"type": "string", "description": "Division code that scopes who may see it."},
        "actorid": {"type": "string", "description": "Opaque id of the account that acted."},
        "correlationid": _TEXT,
        "causationid": {"type": "string", "description": "Id of the event that led to this one."},
        "traceparent": {"type": "string", "description": "W3C Trace Context."},
        "dataclass": {"type": "string", "enum": ["public", "internal", "restricted"]},
        "data": {"type": "object"},
    },
    "required": [
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "dataschema",
        "partitionkey",
        "sequence",
        "businessdate",
        "areacode",
        "actorid",
        "correlationid",
        "dataclass",
        "data",
    ],
}


def events_page(events: Iterable[Any] = ALL_EVENTS) -> str:
    """Return docs/events.md."""
    by_topic: dict[str, list[Any]] = {}
    for event in events:
        by_topic.setdefault(event.topic, []).append(event)
    return "\n".join(_page_lines(by_topic))


def _page_lines(by_topic: dict[str, list[Any]]) -> Iterator[str]:
    yield "# Events"
    yield ""
    yield "Generated from `contracts/` by `scripts/generate.py`; change it there."
    yield ""
    yield "Every event is CloudEvents 1.0.2 in structured JSON. Readers ignore fields they do not know; events only"
    yield "ever gain optional fields, anything else becomes a `.v2`. Money is integer fen. No event carries a name, an"
    yield "identity number, a bank account or a phone number."
    for topic, events in by_topic.items():
        yield ""
        yield f"## `{topic}`"
        yield ""
        yield f"Published by {owner_of(topic)}, {ALL_TOPICS[topic]} partitions, keyed by {events[0].subject_kind}."
        for event in events:
            yield from _event_lines(event)
    yield ""


def _event_lines(event: Any) -> Iterator[str]:
    schema = schema_of(event)
    yield ""
    yield f"### `{event.event_type}`"
    yield ""
    yield f"{schema['description']} Data class: {event.data_class}."
    yield ""
    yield "| field | type | needed | meaning |"
    yield "|---|---|---|---|"
    for field, node in schema["properties"].items():
        needed = "yes" if field in schema["required"] else "no"
        yield f"| `{field}` | {_type_words(node)} | {needed} | {_meaning(node)} |"
    for name, nested in schema.get("$defs", {}).items():
        fields = ", ".join(f"`{field}` {_type_words(node)}" for field, node in nested["properties"].items())
        yield ""
        yield f"{name}: {fields}. {nested['description']}"


def _type_words(node: Schema) -> str:
    if "$ref" in node:
        return str(node["$ref"]).rpartition("/")[2]
    if "anyOf" in node:
        return " or ".join(_type_words(part) for part in node["anyOf"])
    if node["type"] == "array":
        return f"list of {_type_words(node['items'])}"
    return str(node.get("format", node["type"]))


def _meaning(node: Schema) -> str:
    options = [node, *node.get("anyOf", ())]
    sentence = next((part["description"] for part in options if "description" in part), "")
    words = next((part["x-extensible-enum"] for part in options if "x-extensible-enum" in part), ())
    return f"{sentence} {', '.join(f'`{word}`' for word in words)}".strip()


def asyncapi_text(events: Iterable[Any] = ALL_EVENTS) -> str:
    """Return docs/asyncapi.json."""
    return as_text(asyncapi_document(tuple(events)))


def asyncapi_document(events: tuple[Any, ...] = ALL_EVENTS) -> Schema:
    """Return the AsyncAPI 3.0 description of every topic and event."""
    _, schemas = msgspec.json.schema_components(events, ref_template=_COMPONENT)
    topics = list(dict.fromkeys(event.topic for event in events))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tuopin events",
            "version": "1.0.0",
            "description": "What the services tell each other, as CloudEvents in structured mode.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "variables": {"bootstrap": {"description": "TUOPIN_KAFKA_BOOTSTRAP of the installation."}},
            }
        },
        "channels": {topic: _channel(topic, events) for topic in topics},
        "operations": {f"publish-{topic}": _operation(topic) for topic in topics},
        "components": {
            "schemas": {"Envelope": ENVELOPE, **schemas},
            "messages": {event.event_type: _message(event) for event in events},
        },
    }


def _channel(topic: str, events: tuple[Any, ...]) -> Schema:
    names = [event.event_type for event in events if event.topic == topic]
    return {
        "address": topic,
        "description": f"Published by {owner_of(topic)}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": {"topic": topic, "partitions": ALL_TOPICS[topic], "bindingVersion": "0.5.0"}},
    }


def _operation(topic: str) -> Schema:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic}"},
        "summary": f"{owner_of(topic)} publishes to {topic}.",
    }


def _message(event: Any) -> Schema:
    typed = {
        "properties": {
            "type": {"const": event.event_type},
            "data": {"$ref": _COMPONENT.format(name=event.__name__)},
        }
    }
    return {
        "name": event.event_type,
        "title": event.__name__,
        "summary": event.__doc__,
        "contentType": "application/cloudevents+json",
        "payload": {"allOf": [{"$ref": _COMPONENT.format(name="Envelope")}, typed]},
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": "0.5.0"}},
    }
