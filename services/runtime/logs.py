"""
One log line per decision that changed something: JSON on stdout, or readable lines on a terminal.

    log = logger("ingest")
    log.info(Said.TOKEN_REVOKED, source=source)

The event is a constant of the caller (an enum, so that it can be searched for and tested), everything else is a field.
What libraries log through the standard library comes out in the same form.
"""

import logging
import sys
from contextlib import AbstractContextManager
from typing import Any, TextIO

import structlog

from services.runtime.settings import LogFormat

__all__ = ["Logger", "configure_logs", "lines_with", "logger"]

Logger = structlog.stdlib.BoundLogger

_CHATTY = ("aiokafka", "faust", "mode", "clickhouse_connect", "uvicorn.access")
_TELLTALE = ("httpcore", "httpx", "urllib3")
"""Their lines have addresses in them, and the address of a chat's room is a secret."""


def logger(name: str, **fields: object) -> Logger:
    """
    Return a logger whose lines carry its name and the given fields.
    """
    bound: Logger = structlog.stdlib.get_logger(name, **fields)
    return bound


def lines_with(**fields: str) -> AbstractContextManager[None]:
    """
    Give every line that is written within it, by whoever, these fields; they go where tasks and threads begun in it go.
    """
    return structlog.contextvars.bound_contextvars(**fields)


def configure_logs(level: str = "INFO", form: LogFormat = LogFormat.AUTO, stream: TextIO | None = None) -> None:
    """
    Set up logging for this process; called once, by `app.py`, before anything else happens.

    Lines of chatty libraries are written from WARNING on, unless the level is DEBUG; those of libraries that would tell
    secrets always from WARNING on.
    """
    out = stream or sys.stdout
    console = form is LogFormat.CONSOLE or (form is LogFormat.AUTO and out.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        _plain_event,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # A test configures anew; a cached logger would go on writing to the stream of the last one.
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*_last_steps(console=console)])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "DEBUG" else logging.WARNING)
    for name in _TELLTALE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _last_steps(*, console: bool) -> list[structlog.typing.Processor]:
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if console:
        return [remove, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    # Without the values of local variables: a password or a customer's words may be among them.
    traces = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
    return [remove, traces, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _plain_event(_logger: Any, _method: str, fields: structlog.typing.EventDict) -> structlog.typing.EventDict:  # noqa: ANN401
    # An enum as event would be written as its representation by the console renderer.
    fields["event"] = str(fields["event"])
    return fields
