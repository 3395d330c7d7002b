"""Structured logs that carry ids and never payloads, and Prometheus metrics."""

import logging
import sys
import traceback
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response
from structlog.typing import EventDict

REQUEST_SECONDS = Histogram(
    "tuopin_request_seconds",
    "Time from the first byte of a request to the last of its answer.",
    ["service", "method", "route", "status"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
OUTBOX_DEPTH = Gauge("tuopin_outbox_depth", "Facts committed and not yet published.", ["service"])
OUTBOX_AGE = Gauge("tuopin_outbox_age_seconds", "Age of the oldest fact not yet published.", ["service"])
CONSUMER_LAG = Gauge("tuopin_consumer_lag", "Events published and not yet handled.", ["service"])
DEAD_LETTERS = Gauge("tuopin_dead_letters", "Messages parked or waiting behind a parked one.", ["service"])
EVENTS_HANDLED = Counter("tuopin_events_handled_total", "Events whose effects were committed.", ["service"])
EVENTS_PUBLISHED = Counter("tuopin_events_published_total", "Facts acknowledged by the bus.", ["service"])

# Keys that may carry a person's data are dropped whole, wherever a log line comes from.
FORBIDDEN_KEYS = frozenset(
    {
        "payload",
        "body",
        "data",
        "name",
        "identity_number",
        "account",
        "phone",
        "password",
        "token",
        "secret",
        "query",
    }
)


def redact(_: Any, __: str, event: EventDict) -> EventDict:
    """Drop values that a log line must never hold."""
    for key in FORBIDDEN_KEYS & event.keys():
        event[key] = "[redacted]"
    return event


class _Unfailing:
    """Standard error for the log: what cannot be written (a full disk, a closed pipe) fails no request."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write a line, or part of one."""
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        """Hand on what was written."""
        with suppress(OSError):
            self._file.flush()


def configure_logging(level: str = "INFO") -> None:
    """Write one JSON line an event to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Unfailing(sys.stderr))),
    )
    # Libraries' own messages may quote rows and values: only their warnings pass, as a name and a level.
    logging.basicConfig(level=logging.WARNING, handlers=[_LibraryHandler()], force=True)


class _LibraryHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger("tuopin.library").warning(
            "library message",
            library=record.name,
            level=record.levelname,
            message_template=str(record.msg)[:200],
        )


def safe_traceback(error: BaseException) -> list[str]:
    """Return where an error happened, file and line and function, without its text, which may quote a row."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]


def metrics_response() -> Response:
    """Return the process's metrics in Prometheus' text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
