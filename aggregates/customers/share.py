"""A share lets a person, or all who work in a department, see a customer or work with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Self

from aggregates import NO_DIMENSIONS, Aggregate, Event, Refused, Unknown
from aggregates.marks import names

Level = Literal["read", "work"]
"""To see the customer and what hangs on it, or to work with it as well."""


class CustomerShared(Event):
    """Given again, level, end and reason are others. `until` is the last instant of it.

    Whose the customer is, and where, is how it was then.
    """

    customer: str
    with_person: Annotated[str | None, names("rep")]
    with_department: Annotated[str | None, names("department")]
    level: Level
    until: datetime | None
    reason: str
    owner: str
    department: Annotated[str, names("department")]
    region: Annotated[str, names("region")]


class ShareEnded(Event):
    """Once more with another reason, it corrects the reason."""

    reason: str


ShareEvent = CustomerShared | ShareEnded


class OneGrantee(Refused):
    """A share is with one person, or with one department."""


class EndsBeforeItBegins(Refused):
    """A share that has ended already would show nothing."""


@dataclass(frozen=True)
class Share(Aggregate):
    """Its id is made of the customer and of whom it is shared with."""

    kind: ClassVar[str] = "share"
    id_names = ("customer",)

    shared: CustomerShared | None = None
    ended: str | None = None  # the reason, while it lasts

    @staticmethod
    def id_of(customer: str, person: str | None, department: str | None = None) -> str:
        return f"{customer}:person:{person}" if person else f"{customer}:department:{department}"

    def share(self, asked: CustomerShared) -> Iterator[ShareEvent]:
        if self.ended is not None or self.shared != asked:
            yield asked

    def end(self, reason: str) -> Iterator[ShareEvent]:
        if self.shared is None:
            raise Unknown(
                "The customer is not shared so. Check whom it is shared with in the list of"
                " shares.",
                "该客户没有这样的共享。请在共享列表中核对共享对象。",
            )
        if self.ended != reason:
            yield ShareEnded(reason)

    def permits(self, at: datetime, *, working: bool) -> bool:
        """Whether it lasts at that time, and is enough to work with the customer."""
        shared = self.shared
        if shared is None or self.ended is not None:
            return False
        lasts = shared.until is None or at <= shared.until
        return lasts and (shared.level == "work" or not working)

    @property
    def dimensions(self) -> Mapping[str, str]:
        if self.shared is None:
            return NO_DIMENSIONS
        place = {"department": self.shared.department, "region": self.shared.region}
        return {**place, "owner": self.shared.owner, "dealer": self.shared.customer}

    def evolve(self, event: ShareEvent) -> Self:
        match event:
            case CustomerShared():
                return replace(self, shared=event, ended=None)
            case ShareEnded(reason):
                return replace(self, ended=reason)


def one_grantee(person: str | None, department: str | None) -> None:
    """Refuse a share with nobody, or with a person and a department at once."""
    if (person is None) == (department is None):
        raise OneGrantee(
            "A customer is shared with one person or with one department. Name one of the two.",
            "客户只能共享给一位员工或一个部门。请指定其中之一。",
        )
