"""The services of the platform: the one place that sees them all."""

from chassis.service import Service

NAMES = ("registry", "subsidy", "relocation", "finance", "supervision")
ALL = (*NAMES, "gateway")


def load(name: str) -> Service:
    """Return a service's value; imported late, so that one process loads only what it runs."""
    from importlib import import_module

    if name not in ALL:
        raise KeyError(name)
    module = "gateway.main" if name == "gateway" else f"services.{name}.main"
    service: Service = import_module(module).SERVICE
    return service
