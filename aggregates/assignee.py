"""Whose a piece of work is, and where that person works."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self


class Assignee(NamedTuple):
    owner: str = ""
    department: str = ""
    region: str = ""

    @classmethod
    def of(cls, event: Any) -> Self:
        """Of an event that says whose the work is from then on."""
        return cls(event.owner, event.department, event.region)


def of_business(told: Any) -> Mapping[str, str]:
    """By what a scope reaches business with a customer: of whatever says whose business it is."""
    place = {"department": told.department, "region": told.region}
    return {**place, "owner": told.rep, "dealer": told.customer}
