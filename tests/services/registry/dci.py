"""Messages of the DCI Social Registry interface, and the shape of its answers after the published specification 1.0.0."""

from typing import Any

import httpx

from chassis.ids import new_id
from contracts import roles
from tests.kit import Harness
from tests.services.registry.builders import COUNTY, identity

PATH = "/registry/v1/dci/registry/sync/search"
MOMENT = {"type": "string", "format": "date-time"}
TEXT = {"type": "string", "maxLength": 99}
STATUS = {"enum": ["rcvd", "pdng", "succ", "rjct"]}
HEADER_REASONS = [
    "rjct.version.invalid",
    "rjct.message_id.duplicate",
    "rjct.message_ts.invalid",
    "rjct.action.invalid",
    "rjct.action.not_supported",
    "rjct.total_count.invalid",
    "rjct.total_count.limit_exceeded",
    "rjct.errors.too_many",
]
SEARCH_REASONS = [
    "rjct.reference_id.invalid",
    "rjct.reference_id.duplicate",
    "rjct.timestamp.invalid",
    "rjct.search_criteria.invalid",
    "rjct.filter.invalid",
    "rjct.sort.invalid",
    "rjct.pagination.invalid",
    "rjct.search.too_many_records_found",
]
ERROR_WORDS = [
    "err.request.bad",
    "err.request.unauthorized",
    "err.request.forbidden",
    "err.request.not_found",
    "err.request.timeout",
    "err.version.not_supported",
    "err.request.too_many_requests",
    "err.sender_id.invalid",
    "err.sender_uri.invalid",
    "err.receiver_id.invalid",
    "err.signature.missing",
    "err.signature.invalid",
    "err.encryption.invalid",
    "err.service.unavailable",
]
IDENTIFIERS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["identifier_type", "identifier_value"],
        "properties": {"identifier_type": {"type": "string"}, "identifier_value": {"type": "string"}},
    },
}
ATTRIBUTES = {
    "type": "array",
    "items": {"type": "object", "required": ["name", "value"], "properties": {"name": {"type": "string"}}},
}
PERSON = {
    "type": "object",
    "required": ["@context", "@type", "@id", "identifier"],
    "properties": {
        "@type": {"const": "SRPerson"},
        "identifier": IDENTIFIERS,
        "additional_attributes": ATTRIBUTES,
    },
}
GROUP = {
    "type": "object",
    "required": ["@context", "@type", "@id", "group_identifier", "group_type", "group_size"],
    "properties": {
        "@type": {"const": "Group"},
        "group_identifier": IDENTIFIERS,
        "group_size": {"type": "integer"},
        "member_list": {"type": "array"},
        "additional_attributes": ATTRIBUTES,
    },
}
PAGINATION = {
    "type": "object",
    "required": ["page_size", "page_number", "total_count"],
    "additionalProperties": False,
    "properties": {name: {"type": "integer"} for name in ("page_size", "page_number", "total_count")},
}
RESPONSE = {
    "type": "object",
    "required": ["reference_id", "timestamp", "status"],
    "additionalProperties": False,
    "properties": {
        "reference_id": {"type": "string"},
        "timestamp": MOMENT,
        "status": STATUS,
        "status_reason_code": {"enum": SEARCH_REASONS},
        "status_reason_message": {"type": "string", "maxLength": 999},
        "data": {
            "type": "object",
            "required": ["reg_records"],
            "properties": {
                "version": {"const": "1.0.0"},
                "reg_records": {"type": "array", "items": {"oneOf": [PERSON, GROUP]}},
            },
        },
        "pagination": PAGINATION,
        "locale": {"type": "string"},
    },
}
ANSWER = {
    "type": "object",
    "required": ["header", "message"],
    "additionalProperties": False,
    "properties": {
        "header": {
            "type": "object",
            "required": ["message_id", "message_ts", "action", "status"],
            "additionalProperties": False,
            "properties": {
                "version": {"const": "1.0.0"},
                "message_id": {"type": "string"},
                "message_ts": MOMENT,
                "action": {"const": "on-search"},
                "status": STATUS,
                "status_reason_code": {"enum": HEADER_REASONS},
                "status_reason_message": {"type": "string", "maxLength": 999},
                "total_count": {"type": "integer"},
                "completed_count": {"type": "integer"},
                "sender_id": {"type": "string"},
                "receiver_id": {"type": "string"},
                "is_msg_encrypted": {"type": "boolean"},
                "meta": {"type": "object"},
            },
        },
        "message": {
            "type": "object",
            "required": ["transaction_id", "correlation_id", "search_response"],
            "additionalProperties": False,
            "properties": {
                "transaction_id": TEXT,
                "correlation_id": TEXT,
                "search_response": {"type": "array", "items": RESPONSE},
            },
        },
    },
}
ERRORS = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {"code": {"enum": ERROR_WORDS}, "message": {"type": "string"}},
            },
        }
    },
}
AUTHORIZE = {"ts": "2016-06-01T08:00:00+08:00", "purpose": {"code": "premium-subsidy", "text": "保费补贴"}}


def by_number(number: int, **criteria: Any) -> dict[str, Any]:
    """Return criteria that ask for one person."""
    return {
        "version": "1.0.0",
        "reg_type": "ns:org:RegistryType:Social",
        "query_type": "idtype-value",
        "query": {"type": "UIN", "value": identity(number)},
        "authorize": AUTHORIZE,
    } | criteria


def by_predicate(*terms: tuple[str, str, Any], **criteria: Any) -> dict[str, Any]:
    """Return criteria that ask for groups by terms that must all hold."""
    entries = [
        {
            "seq_num": number,
            "expression1": {"attribute_name": name, "operator": operator, "attribute_value": value},
        }
        for number, (name, operator, value) in enumerate(terms, 1)
    ]
    return {"query_type": "predicate", "query": entries, "authorize": AUTHORIZE} | criteria


def envelope(*criteria: dict[str, Any], **header: Any) -> dict[str, Any]:
    """Return a message with one search for each of the criteria."""
    return {
        "signature": "unsigned-stub",
        "header": {
            "version": "1.0.0",
            "message_id": str(new_id()),
            "message_ts": "2016-06-01T08:00:00.000Z",
            "action": "search",
            "sender_id": "insurer.example",
            "receiver_id": "tuopin-registry",
            "total_count": len(criteria),
            "is_msg_encrypted": False,
        }
        | header,
        "message": {
            "transaction_id": "t-1",
            "search_request": [
                {
                    "reference_id": f"r-{number}",
                    "timestamp": "2016-06-01T08:00:00+08:00",
                    "search_criteria": each,
                    "locale": "zho",
                }
                for number, each in enumerate(criteria, 1)
            ],
        },
    }


INSURER: dict[str, Any] = {"roles": [roles.INSURER], "area": COUNTY, "actor": "insurer-1"}


async def ask(registry: Harness, message: dict[str, Any], **who: Any) -> httpx.Response:
    """Send a message as an insurer unless told otherwise."""
    return await registry.call("POST", PATH, json=message, **(who or INSURER))
