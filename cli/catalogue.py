"""The services of the platform: the one place that sees them all."""

from importlib import import_module
from typing import TYPE_CHECKING

from contracts.topics import GATEWAY, SERVICES

if TYPE_CHECKING:  # the frameworks behind it would slow every command down
    from chassis.service import Service

NAMES = SERVICES
ALL = (*NAMES, GATEWAY)


def load(name: str) -> "Service":
    """Return a service's value; imported late, so that one process loads only what it runs."""
    if name == GATEWAY:
        gateway: Service = import_module("gateway.main").service
        return gateway
    if name not in NAMES:
        raise KeyError(name)
    service: Service = import_module(f"services.{name}.main").SERVICE
    return service
