"""A key may do less than its account: what it may, it needs a grant of its own for."""

from collections.abc import Sequence

from aggregates.organisation.grants import ALL
from aggregates.organisation.rights import covers
from commands import Command
from commands.authorisation import action_of

EVERY_COMMAND = "command:*/*"
ASKING = ("/commands", "/imports")
"""Where many commands are asked at once: for that a key must be good for every command."""


def allows(scopes: Sequence[str] | None, action: str) -> bool:
    """Whether a key of those scopes may do it, if its account may; without any it may all."""
    return scopes is None or any(covers(one.removesuffix(ALL), action) for one in scopes)


def commanded(method: str, path: str) -> str | None:
    """What must be granted for what a request commands; None where it commands nothing."""
    if method != "POST":
        return None
    before, _, slug = path.rpartition("/")
    if before == "/commands" and slug in Command.known:
        return action_of(Command.known[slug])
    return EVERY_COMMAND if path.startswith(ASKING) else None
