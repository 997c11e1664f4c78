"""What an address answers as: whoever accepts none of it is told so, and gets nothing else."""

from collections.abc import Iterable
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from aggregates.files.media_types import EXTENSIONS
from services.api.problems import Problem
from services.exports.formats import FORMATS

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
FILES = {one.media_type: one.name for one in FORMATS.values()}
"""The format of each media type that lists and figures can be had as."""
EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {media_type: {"schema": {"type": "string"}} for media_type in FILES}}
}
"""What the document says of a route that answers with files as well."""


class Offers:
    """Knows of each address what it can be had as."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        every = [route for route in routes if isinstance(route, APIRoute)]
        self.exported = {route.path: route.path_regex for route in every if _is_exported(route)}
        """What can be had as a file, by its address."""

    def of(self, path: str) -> tuple[str, ...]:
        if path.startswith(PAGES):
            return ("text/html",)
        if path.startswith("/imports/") and path.endswith("/refused"):
            return ("text/csv",)
        if path.startswith("/files/"):
            return tuple(EXTENSIONS)
        if path.endswith("/calendar.ics"):
            return ("text/calendar",)
        if path.startswith("/quotations/") and path.endswith("/pdf"):
            return ("application/pdf",)
        if path not in OFFERS and self.exports(path):
            return (JSON, *FILES)
        return OFFERS.get(path, (JSON,))

    def exports(self, path: str) -> bool:
        return any(regex.match(path) for regex in self.exported.values())

    def fits(self, path: str, accept: str) -> Problem | None:
        """The problem of a header Accept that leaves out all that is offered, or nothing."""
        if path in UNASKED or path.startswith(("/docs/", "/console")):
            return None
        ranges, offers = _ranges(accept), self.of(path)
        liked = [name for name, weight in ranges.items() if weight > 0]
        if not ranges or any(_covers(wanted, offer) for wanted in liked for offer in offers):
            return None
        return Problem("not-acceptable", offers=", ".join(offers))


def _is_exported(route: APIRoute) -> bool:
    content: dict[str, Any] = route.responses.get(200, {}).get("content", {})
    return FILES.keys() <= content.keys()


def preferred(accept: str) -> str | None:
    """The format that a header Accept likes best; none where that is JSON."""
    weights = _ranges(accept)
    liked = {
        offer: max((weights[one] for one in weights if _covers(one, offer)), default=0.0)
        for offer in (JSON, *FILES)
    }
    return FILES.get(max(liked, key=lambda offer: liked[offer]))


def _ranges(accept: str) -> dict[str, float]:
    """Media types by their weight; nothing is accepted that has none."""
    return dict(_range(part) for part in accept.split(",") if part.strip())


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (word.strip().lower() for word in part.split(";"))
    given = next((one[2:] for one in parameters if one.startswith("q=")), "1")
    try:
        return name, float(given)
    except ValueError:
        return name, 1.0


def _covers(wanted: str, offer: str) -> bool:
    kind, _, _ = offer.partition("/")
    return wanted in {"*/*", f"{kind}/*", offer}
