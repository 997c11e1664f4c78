"""The notices that the platform offers, and how a condition on the things of events is checked.

Contexts declare what they offer; it is known by name from there on.
"""

from collections.abc import Callable, Sequence

Check = Callable[[Sequence[str], str], None]
"""Raises a refusal where a condition cannot be asked of the things of these events."""


class _Offered:
    """What the services have told: once for the whole process."""

    notices: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - of the process
    check: Check | None = None


def offer(name: str, events: Sequence[str]) -> None:
    """Let a notice of these events be subscribed to by its name."""
    _Offered.notices[name] = tuple(events)


def offered() -> dict[str, tuple[str, ...]]:
    """The names of the events of each notice."""
    return _Offered.notices


def use(check: Check) -> None:
    """Check conditions that way."""
    _Offered.check = check


def check_condition(events: Sequence[str], where: str) -> None:
    if _Offered.check is not None:
        _Offered.check(events, where)
