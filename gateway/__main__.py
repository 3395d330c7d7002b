"""Run the gateway: `python -m gateway [api|relay]`."""

import sys

from chassis.run import run_role
from gateway.main import service
from gateway.run import run_gateway

if __name__ == "__main__":
    if sys.argv[1:] == ["relay"]:
        run_role(service, "relay")
    else:
        run_gateway()
