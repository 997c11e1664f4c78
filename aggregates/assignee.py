"""Whose a piece of work is, and where that person works."""

from typing import Any, NamedTuple, Self


class Assignee(NamedTuple):
    owner: str = ""
    department: str = ""
    region: str = ""

    @classmethod
    def of(cls, event: Any) -> Self:
        """Of an event that says whose the work is from then on."""
        return cls(event.owner, event.department, event.region)
