"""`tuopin demo`: the sample county on a platform of its own, from import to the last finding."""

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.commands.business_date import NotSettled
from cli.options import AsJson
from cli.session import UNREACHABLE
from cli.show import REFUSED, USAGE, err, fail, out, run, show_json

if TYPE_CHECKING:
    from cli.demo.platform import DemoPlatform
    from cli.demo.run import Script
    from cli.demo.verdict import Verdict
    from cli.demo.world import World

SEED = 2016
WATCH_SECONDS = 1.0
STOPPED = 143


def demo(
    *,
    seed: Annotated[int, typer.Option(help="The same seed plays the same county.")] = SEED,
    county: Annotated[str, typer.Option(help="eryuan or small.")] = "eryuan",
    data: Annotated[Path | None, typer.Option(help="A new data folder; a temporary one otherwise.")] = None,
    port: Annotated[int, typer.Option(help="0 lets the system pick one.")] = 0,
    serve: Annotated[bool, typer.Option(help="Serve on when the demo was played.")] = True,
    distributed: Annotated[
        bool, typer.Option("--distributed", help="In separate processes on a real Kafka and PostgreSQL.")
    ] = False,
    json_: AsJson = False,
) -> None:
    """Play the sample county on a platform of its own, compare its figures and findings, and serve on.

    All of it is synthetic and enters over HTTP. The exit status is 0 only if everything is as expected.
    """
    from cli.demo.bulk import DemoFailed
    from cli.demo.people import DataFolderUsed
    from cli.demo.process import ProcessEnded
    from cli.sample.county import COUNTIES

    if county not in COUNTIES:
        fail(f"There is no county {county!r}; there are {', '.join(COUNTIES)}.", USAGE)
    # A caller in the background may have had Ctrl-C ignored; the processes must end with the demo all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(STOPPED))
    wanted = _Wanted(county, seed, port, serve=serve, distributed=distributed, json_=json_)
    try:
        with _folder(data) as folder:
            is_equal = _demo(wanted, folder)
    except (DemoFailed, NotSettled, DataFolderUsed) as reason:
        fail(str(reason), REFUSED)
    except ProcessEnded as reason:
        fail(str(reason), UNREACHABLE)
    raise typer.Exit(0 if is_equal else REFUSED)


@dataclass(frozen=True, slots=True)
class _Wanted:
    county: str
    seed: int
    port: int
    serve: bool = field(kw_only=True)
    distributed: bool = field(kw_only=True)
    json_: bool = field(kw_only=True)


def _demo(wanted: _Wanted, folder: Path) -> bool:
    from cli.demo import platform as platforms

    opened = platforms.distributed if wanted.distributed else platforms.embedded
    with ThreadPoolExecutor(1) as beside:
        script = beside.submit(_script, wanted.county, wanted.seed)
        with opened(folder, wanted.port) as platform:
            world, verdict = _played(platform, script.result(), json_=wanted.json_)
            if wanted.serve:
                _serve_on(platform, world)
    return verdict.is_equal


def _script(county: str, seed: int) -> "Script":
    from cli.demo.run import write_script
    from cli.sample.county import COUNTIES

    return write_script(COUNTIES[county](), seed)


def _played(platform: "DemoPlatform", script: "Script", *, json_: bool) -> "tuple[World, Verdict]":
    from cli.demo import report
    from cli.demo.run import run_demo

    with report.progress(len(script.plan.calendar)) as (step_done, say):
        world, verdict = run(run_demo(platform, script, report=step_done, say=say), json_=json_)
    if json_:
        show_json(report.verdict_as_json(world, verdict))
    else:
        report.show_verdict(world, verdict)
    return world, verdict


@contextmanager
def _folder(named: Path | None) -> Iterator[Path]:
    """Yield a new data folder; a temporary one goes when the demo ends."""
    if named is not None:
        if named.exists() and any(named.iterdir()):
            fail(f"{named} is in use; the demo wants a new folder.", USAGE)
        named.mkdir(parents=True, exist_ok=True)
        yield named.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="tuopin-demo-"))
    # The database server may run under another account; what is secret lies in folders of its own.
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve_on(platform: "DemoPlatform", world: "World") -> None:
    """Say what to open first, and serve until told to stop."""
    people = world.people
    out().print(f"\nOpen first:  {platform.address}/docs", soft_wrap=True, markup=False)
    for person, purpose in (
        (people.officer, "the county office: households, claims, houses, money, findings"),
        (people.auditor, "the auditors: the trail, the stream of events"),
        (people.administrator, "accounts, partners, the business date"),
    ):
        out().print(
            f"  account {person.name}, password {person.password}  ({purpose})", soft_wrap=True, markup=False
        )
    out().print(f"Findings:    tuopin login officer --url {platform.address}", soft_wrap=True, markup=False)
    out().print(f"             tuopin findings --url {platform.address}", soft_wrap=True, markup=False)
    err().print("Ctrl-C ends the platform.")
    try:
        while True:
            platform.fleet.check()
            time.sleep(WATCH_SECONDS)
    except KeyboardInterrupt:
        err().print("ending")
