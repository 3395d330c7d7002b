"""Run the supervision service."""

from chassis.run import main
from services.supervision.main import SERVICE

if __name__ == "__main__":
    main(SERVICE)
