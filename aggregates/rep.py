"""A sales representative works in one department and region at a time, until he leaves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from aggregates import Aggregate, Event, Personal, Refused, Unknown, imprint


class RepHired(Event):
    name: Personal[str]
    department: str
    region: str
    title: str | None


class RepMoved(Event):
    department: str
    region: str


class RepLeft(Event):
    reason: str


RepEvent = RepHired | RepMoved | RepLeft


class RepTaken(Refused):
    """The id belongs, or belonged, to somebody else."""


class RepGone(Refused):
    """Who has left takes on nothing new."""


@dataclass(frozen=True)
class Rep(Aggregate):
    kind: ClassVar[str] = "rep"

    hired: str = ""  # imprint of the hiring
    department: str = ""
    region: str = ""
    left: bool = False

    def hire(self, rep: RepHired) -> Iterator[RepEvent]:
        if not self.hired:
            yield rep
        elif self.left or self.hired != imprint(rep):
            raise RepTaken(
                "This id is taken by another representative. Choose another id.",
                "此编号属于另一位业务代表。请换一个编号。",
            )

    def move(self, department: str, region: str) -> Iterator[RepEvent]:
        self.at_work()
        if (department, region) != (self.department, self.region):
            yield RepMoved(department, region)

    def leave(self, reason: str) -> Iterator[RepEvent]:
        self.known()
        if not self.left:
            yield RepLeft(reason)

    def known(self) -> None:
        if not self.hired:
            raise Unknown(
                "There is no such representative. Hire the representative first.",
                "没有这位业务代表。请先办理入职。",
            )

    def at_work(self) -> None:
        self.known()
        if self.left:
            raise RepGone(
                "This representative has left. Name another.", "这位业务代表已离职。请指定另一位。"
            )

    def takes_on(self, id: str) -> None:
        """Refuse to give new business to who is not there."""
        if not self.hired:
            raise Unknown(
                f"No representative {id} was ever hired. Hire the representative, or name another.",
                f"没有业务代表 {id}。请先办理入职，或指定另一位。",
            )
        if self.left:
            raise RepGone(
                f"Representative {id} has left. Name another.",
                f"业务代表 {id} 已离职。请指定另一位。",
            )

    def keeps(self, id: str, customer: str) -> None:
        """Refuse to do new business for an owner who is not there."""
        if not self.hired:
            raise Unknown(
                f"{customer} belongs to {id}, who was never hired. Hand the customer over first.",
                f"{customer} 的负责人 {id} 不是已入职的业务代表。请先移交客户。",
            )
        if self.left:
            raise RepGone(
                f"{customer} belongs to {id}, who has left. Hand the customer over first.",
                f"{customer} 的负责人 {id} 已离职。请先移交客户。",
            )

    def evolve(self, event: RepEvent) -> Self:
        match event:
            case RepHired(_, department, region):
                return replace(self, hired=imprint(event), department=department, region=region)
            case RepMoved(department, region):
                return replace(self, department=department, region=region)
            case RepLeft():
                return replace(self, left=True)
