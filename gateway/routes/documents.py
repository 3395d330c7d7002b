"""The merged API document and a page to try it, with every script and style served from here."""

from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response
from swagger_ui_bundle import swagger_ui_path

from chassis.answers import Answer
from chassis.errors import NotFound
from gateway.state import AGateway

ASSETS: Final = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui-standalone-preset.js": "text/javascript",
    "favicon-16x16.png": "image/png",
}
# Scripts, styles and calls come from this address and from no other; Swagger UI writes styles and images inline.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
START: Final = """window.addEventListener("load", () => {
  window.ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#page",
    deepLinking: true,
    docExpansion: "none",
    persistAuthorization: false,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset.slice(1)],
    requestInterceptor: (request) => {
      if (request.method !== "GET" && !request.headers["Idempotency-Key"]) {
        request.headers["Idempotency-Key"] = Array.from(
          crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")
        ).join("");
      }
      return request;
    },
  });
});
"""
PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Tuopin API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" type="image/png" href="/docs/favicon-16x16.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/swagger-ui-standalone-preset.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""

router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
async def show_document(gateway: AGateway) -> Response:
    """Return the merged OpenAPI 3.1 document."""
    return Answer(await gateway.documents.merged())


@router.get("/docs")
async def show_page() -> Response:
    """Return the page to try the API."""
    return Response(PAGE, media_type="text/html", headers={"content-security-policy": POLICY})


@router.get("/docs/{name}")
async def show_asset(name: str) -> Response:
    """Return one of the page's own files."""
    if name == "start.js":
        return Response(START, media_type="text/javascript")
    if name not in ASSETS:
        raise NotFound
    return Response(_asset(name), media_type=ASSETS[name])


@cache
def _asset(name: str) -> bytes:
    return Path(swagger_ui_path, name).read_bytes()
