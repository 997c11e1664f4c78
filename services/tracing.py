"""Traces are kept where OpenTelemetry's own variables name a collector, and cost nothing else."""

import os
from typing import TYPE_CHECKING

from infra.settings import Settings
from services.commandline import Failure

if TYPE_CHECKING:
    from infra.tracing import Tracing

NAMES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def of(part: str, settings: Settings) -> "Tracing | None":
    """The traces of a part, `distributary-<part>` by name."""
    named = [name for name in NAMES if os.environ.get(name)]
    if not named or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    try:
        from infra.tracing import to_collector
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("opentelemetry"):
            raise
        raise Failure(
            f"OpenTelemetry's SDK is missing: install it, pip install 'distributary[otel]', or"
            f" leave {named[0]} unset."
        ) from None
    return to_collector(f"distributary-{part}", settings.trace_share)
