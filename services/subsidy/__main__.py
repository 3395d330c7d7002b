"""Run the subsidy service."""

from chassis.run import main
from services.subsidy.main import SERVICE

if __name__ == "__main__":
    main(SERVICE)
