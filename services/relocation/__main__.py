"""Run the relocation service."""

from chassis.run import main
from services.relocation.main import SERVICE

if __name__ == "__main__":
    main(SERVICE)
