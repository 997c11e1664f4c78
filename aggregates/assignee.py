"""Whose a piece of work is, and where that person works."""

from typing import NamedTuple


class Assignee(NamedTuple):
    owner: str = ""
    department: str = ""
    region: str = ""
