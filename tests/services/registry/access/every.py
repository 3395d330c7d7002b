"""Every recipe, by method and path below /registry/v1."""

from typing import Final

from fastapi import FastAPI

from chassis.app import document_of
from services.registry.main import SERVICE
from tests.services.registry.access import (
    area,
    change,
    disclosure,
    evaluation,
    look,
    notice,
    people,
    procedure,
    register,
    rule,
)
from tests.services.registry.access.recipe import Recipe

RECIPES: Final[dict[str, Recipe]] = {
    **register.RECIPES,
    **disclosure.RECIPES,
    **change.RECIPES,
    **people.RECIPES,
    **procedure.RECIPES,
    **evaluation.RECIPES,
    **area.RECIPES,
    **look.RECIPES,
    **rule.RECIPES,
    **notice.LEAVING,
    **notice.RECIPES,
}


def operations() -> list[str]:
    """Return what the registry's OpenAPI document offers."""
    app = FastAPI()
    for router in SERVICE.routers:
        app.include_router(router)
    paths = document_of(app)["paths"]
    assert isinstance(paths, dict)
    return sorted(
        f"{method.upper()} {path.removeprefix('/registry/v1')}"
        for path, methods in paths.items()
        for method in methods
    )
