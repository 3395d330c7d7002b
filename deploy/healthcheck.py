"""The image's health check: ends with status 0 while the process reports progress on /health/live."""

import http.client
import os
import sys

_TIMEOUT_SECONDS = 4


def is_live(port: int) -> bool:
    """Tell whether the process on this port says that it goes on."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_live(int(os.environ["TUOPIN_PORT"])) else 1)
