"""Departments are a tree: who heads one heads all below it."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from aggregates import Event
from aggregates.marks import Name, names
from aggregates.plain import Closed, Details, Events, Plain, Registered, Withdrawn


@dataclass(frozen=True)
class DepartmentDetails(Details):
    name: Name
    parent: Annotated[str | None, names("department")] = None


class DepartmentRegistered(DepartmentDetails, Registered, Event):
    pass


class DepartmentChanged(DepartmentDetails, Event):
    pass


class DepartmentClosed(Closed, Event):
    pass


class DepartmentReopened(Event):
    pass


class DepartmentWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class Department(Plain[DepartmentDetails]):
    """From the first one on, people work in departments that are registered."""

    kind: ClassVar[str] = "department"
    plural = "departments"
    noun = ("department", "部门")
    details = DepartmentDetails
    events = Events(
        DepartmentRegistered,
        DepartmentChanged,
        DepartmentClosed,
        DepartmentReopened,
        DepartmentWithdrawn,
    )
