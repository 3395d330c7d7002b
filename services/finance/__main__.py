"""Run the finance service."""

from chassis.run import main
from services.finance.main import SERVICE

if __name__ == "__main__":
    main(SERVICE)
