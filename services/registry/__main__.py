"""Runs one role of the registry service in a process of its own."""

from chassis.run import main
from services.registry.main import SERVICE

if __name__ == "__main__":
    main(SERVICE)
