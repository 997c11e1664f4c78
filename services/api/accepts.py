"""What an address answers as: whoever accepts none of it is told so, and gets nothing else."""

from services.api.problems import Problem

JSON = "application/json"
OFFERS = {
    "/docs": ("text/html",),
    "/events": (JSON, "application/x-ndjson"),
    "/events/stream": ("text/event-stream",),
    "/metrics": ("text/plain", "application/openmetrics-text"),
}
PAGES = "/problems/"
UNASKED = frozenset({"/livez", "/readyz"})
"""Probes: what asks them must learn how it is, whatever it says it reads."""


def fits(path: str, accept: str) -> Problem | None:
    """The problem of a header Accept that leaves out all that is offered, or nothing."""
    if path in UNASKED or path.startswith("/docs/"):
        return None
    offers = ("text/html",) if path.startswith(PAGES) else OFFERS.get(path, (JSON,))
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    if not ranges or any(_covers(wanted, offer) for wanted in ranges for offer in offers):
        return None
    return Problem("not-acceptable", offers=", ".join(offers))


def _range(part: str) -> str:
    """A media type that is accepted; nothing where its weight says that it is not."""
    name, *parameters = (word.strip().lower() for word in part.split(";"))
    refused = any(p.startswith("q=") and not p[2:].strip("0.") for p in parameters)
    return "" if refused else name


def _covers(wanted: str, offer: str) -> bool:
    kind, _, _ = offer.partition("/")
    return wanted in {"*/*", f"{kind}/*", offer}
