"""The one address that is a secret itself: of a calendar, whose programs send no header.

It is taken out of the path before anything else sees the request, so that neither a log nor a
trace has it.
"""

from starlette.types import Scope

BELOW, ENDING = "/calendars/", ".ics"
OWN = "/calendar.ics"


def path_of(secret: str) -> str:
    return f"{BELOW}{secret}{ENDING}"


def taken_out(scope: Scope) -> str | None:
    """The secret of the path, which from here on is `OWN`; None where it has none."""
    path: str = scope["path"]
    if not path.startswith(BELOW):
        return None
    scope["path"], scope["raw_path"] = OWN, OWN.encode()
    return path.removeprefix(BELOW).removesuffix(ENDING)
