"""
Whether there are traces, and where they go.
"""

import importlib.util
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from schemas.base import URL
from services.runtime.errors import Misconfigured
from services.runtime.settings import PREFIX
from services.runtime.tracing.untraced import UNTRACED, Tracing
from services.runtime.version import product_version

__all__ = ["TracingSettings", "open_tracing"]

NEEDED: Final = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")


class TracingSettings(BaseModel):
    """
    Where traces go; the same for every service.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    endpoint: str | None = Field(default=None, pattern=URL, max_length=500)
    """The address of a collector that takes OTLP over HTTP, as http://127.0.0.1:4318. None: there are no traces."""
    one_in: int = Field(default=100, ge=1, le=1_000_000)
    """Of so many requests without a trace of their own, one is traced. A caller that has one decides for itself."""


def open_tracing(settings: TracingSettings, service: str, *, needed: tuple[str, ...] = NEEDED) -> Tracing:
    """
    Traces as the settings ask for them; raises Misconfigured where the extra that makes them is not installed.
    """
    if settings.endpoint is None:
        return UNTRACED
    if not all(map(_is_there, needed)):
        raise Misconfigured(
            f"{PREFIX}TRACING__ENDPOINT asks for traces, but what makes them is not installed: "
            "pip install 'sqm[tracing]', or unset it"
        )
    # Only now: it takes a fifth of a second and 10 MB, and need not be installed at all.
    from services.runtime.tracing.spans import Spans  # noqa: PLC0415

    return Spans(settings.endpoint, one_in=settings.one_in, service=f"sqm-{service}", version=product_version())


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
