"""OpenAPI documents without a database: the routes alone."""

import json
from typing import Any, cast

from chassis.app import build_api, document_of
from chassis.service import Service


def openapi_of(service: Service) -> str:
    """Return a service's document as JSON text."""
    nothing = cast("Any", None)  # routes are only listed, never called
    return (
        json.dumps(document_of(build_api(service, nothing, nothing, nothing)), ensure_ascii=False, indent=2)
        + "\n"
    )
