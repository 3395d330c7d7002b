"""PostgreSQL's own load generator from the wheel, as a ceiling without any Python."""

import asyncio
import os
import re
from asyncio.subprocess import PIPE
from pathlib import Path

from chassis.database import plain_dsn
from deploy.engines.postgres import find_binaries

# The wheel keeps the versions side by side.
PROGRAM = find_binaries().parents[1] / "pginstall18" / "bin" / "pgbench"
RATE = re.compile(r"tps = ([0-9.]+)")


async def rate_of(script: Path, url: str, *, clients: int, seconds: float, schema: str) -> float:
    """Return the transactions a second that so many clients reach with a script, as the service's own role."""
    options = ["-n", "-M", "prepared", "-D", "i=0", "-f", str(script), "-c", str(clients), "-j", "1"]
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM),
        *options,
        "-T",
        str(max(1, round(seconds))),
        plain_dsn(url),
        stdout=PIPE,
        stderr=PIPE,
        env={**os.environ, "PGOPTIONS": f"-c tuopin.area=area: -c search_path={schema}"},
    )
    output, errors = await process.communicate()
    found = RATE.search(output.decode())
    assert found is not None, errors.decode()[-500:]
    return float(found[1])
