"""A service's HTTP face: its routers, problems, health, metrics and documents."""

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response
from starlette.types import ASGIApp

from chassis import problems
from chassis.answers import answer
from chassis.auth import TokenVerifier
from chassis.health import Health
from chassis.middleware import Around
from chassis.quick import QuickReads
from chassis.runtime import Runtime
from chassis.service import Service
from chassis.telemetry import metrics_response


def build_api(service: Service, runtime: Runtime, verifier: TokenVerifier, health: Health) -> FastAPI:
    """Return the service's FastAPI application, without the outer layer."""
    prefix = f"/{service.name}/v1"
    app = FastAPI(
        title=f"Tuopin {service.name}",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # Behind the gateway a redirect would name an inner address.
        redirect_slashes=False,
    )
    equip(app, runtime, verifier, health)
    problems.install(app, service.problems, service.constraints)
    for router in service.routers:
        app.include_router(router)

    @app.get("/health/live", include_in_schema=False)
    async def live() -> Response:
        return health_of(app).live()

    @app.get("/health/ready", include_in_schema=False)
    async def ready() -> Response:
        return await health_of(app).ready()

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return metrics_response()

    @app.get(f"{prefix}/openapi.json", include_in_schema=False)
    async def openapi() -> Response:
        return answer(document_of(app))

    @app.get(f"{prefix}/schemas/{{name}}", include_in_schema=False)
    async def schema(name: str) -> Response:
        return answer(_schema(service, name))

    return app


def equip(app: FastAPI, runtime: Runtime, verifier: TokenVerifier, health: Health) -> None:
    """Let an application work with these; what it was built from stays as it is."""
    app.state.runtime, app.state.verifier, app.state.health = runtime, verifier, health


def health_of(app: FastAPI) -> Health:
    """Return the health that an application tells of."""
    health: Health = app.state.health
    return health


def build_app(service: Service, runtime: Runtime, verifier: TokenVerifier, health: Health) -> ASGIApp:
    """Return the whole ASGI application of a service."""
    return wrapped(build_api(service, runtime, verifier, health), service, runtime, verifier)


def wrapped(api: ASGIApp, service: Service, runtime: Runtime, verifier: TokenVerifier) -> ASGIApp:
    """Return an application with what lies around every service's own."""
    if service.quick_reads:
        api = QuickReads(api, service.quick_reads, runtime, verifier)
    return Around(api, service=service.name, clock=runtime.clock, limits=dict(service.body_limits))


def document_of(app: FastAPI) -> dict[str, object]:
    """Return the OpenAPI 3.1 document, problems in place of the framework's own validation error."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    schemas = document.get("components", {}).get("schemas", {})
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    schemas["Problem"] = PROBLEM_SCHEMA
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "A problem (RFC 9457)", "content": content}
    document.setdefault("components", {})["schemas"] = schemas
    return document


def _schema(service: Service, name: str) -> object:
    from msgspec.json import schema as schema_of

    from chassis.errors import NotFound

    for kind in service.publishes:
        if name == f"{kind.event_type}.json":
            return schema_of(kind)
    raise NotFound


PROBLEM_SCHEMA: dict[str, object] = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "code", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "trace_id": {"type": "string"},
        "instance": {"type": "string"},
        "rule": {"type": "string"},
        "basis": {"type": "string", "description": "The document that the rule stands in."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
