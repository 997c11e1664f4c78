"""A sales representative works in one department and region at a time, until he leaves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, ClassVar, Self

from aggregates import (
    OWN_ID,
    Aggregate,
    Event,
    Personal,
    Refused,
    Unknown,
    again,
    anew,
    refuse_unequal,
    repeats,
)
from aggregates.marks import names
from aggregates.organisation.rep.assignments import AssignmentEvent, Assignments

HIRED = "hired"


class RepHired(Event):
    name: Personal[str]
    department: str
    region: str
    title: str | None
    revision: int | None = None
    sells: bool = True  # false for who has no customers

    def recorded_under(self) -> str:
        return anew(HIRED, self.revision)


class RepDetailsChanged(Event):
    """`revision` counts the changes, so that the latest can be found."""

    name: Personal[str]
    title: str | None
    revision: int

    def recorded_under(self) -> str:
        return f"details:{self.revision}"


class RepMoved(Event):
    department: str
    region: str


class RepLeft(Event):
    """Once more with another reason, it corrects the reason."""

    reason: str


class RepReturned(Event):
    """Who had left works here again; what he gave away stays where it is."""

    department: str
    region: str


class RepWithdrawn(Event):
    """Hired by mistake. Once more with another reason, it corrects the reason."""

    reason: str


class PositionTaken(Event):
    """Once more as the main one, the main position before stays as another one."""

    position: Annotated[str, names("position")]
    main: bool


class PositionLeft(Event):
    position: Annotated[str, names("position")]
    reason: str


RepEvent = (
    RepHired
    | RepDetailsChanged
    | RepMoved
    | RepLeft
    | RepReturned
    | RepWithdrawn
    | PositionTaken
    | PositionLeft
    | AssignmentEvent
)


class RepGone(Refused):
    """Who has left takes on nothing new."""


class NoRep(Refused):
    """Who does not sell has no customers."""


@dataclass(frozen=True)
class Rep(Aggregate):
    kind: ClassVar[str] = "rep"

    hired: bool = False
    revision: int = 0
    department: str = ""
    region: str = ""
    sells: bool = True
    left: str | None = None  # the reason, while he is gone
    details: str = HIRED  # under what his name and title, as they are now, are recorded
    withdrawn: str | None = None  # the reason, while it lasts
    hirings: int = 0
    positions: tuple[str, ...] = ()  # in which he works, the main one among them
    main: str | None = None
    given_up: Mapping[str, str] = field(default_factory=dict)  # positions, and why
    assignments: Assignments = field(default_factory=Assignments)

    @property
    def gone(self) -> bool:
        return self.withdrawn is not None

    def hire(self, rep: RepHired, first: RepHired | None) -> Iterator[RepEvent]:
        """`first` is how he was hired, where he was: a state keeps nothing of a person."""
        if not repeats(first, rep, but=("revision",)):
            yield replace(rep, revision=again(self.hirings))

    def withdraw(self, reason: str) -> Iterator[RepEvent]:
        """Nothing may be built on it: whoever asks has looked."""
        if not self.gone:
            self.known()
        if self.withdrawn != reason:
            yield RepWithdrawn(reason)

    def change(self, now: RepHired | RepDetailsChanged, told: dict[str, Any]) -> Iterator[RepEvent]:
        self.known()
        before = {"name": now.name, "title": now.title}
        if (after := before | told) != before:
            yield RepDetailsChanged(**after, revision=self.revision + 1)

    def move(self, department: str, region: str) -> Iterator[RepEvent]:
        self.at_work()
        if (department, region) != (self.department, self.region):
            yield RepMoved(department, region)

    def take_position(self, position: str, *, main: bool) -> Iterator[PositionTaken]:
        """The first one is the main one."""
        self.at_work()
        main = main or self.main is None
        if position not in self.positions or (main and self.main != position):
            yield PositionTaken(position, main)

    def leave_position(self, position: str, reason: str) -> Iterator[RepEvent]:
        self.known()
        if position in self.positions:
            yield PositionLeft(position, reason)
        elif position not in self.given_up:
            raise _no_such_work(position)
        else:
            refuse_unequal(("reason", self.given_up[position], reason))

    def may_give_up(self, position: str) -> None:
        """Refuse a position that the person neither fills nor is to fill."""
        planned = (plan.position for plan in self.assignments.planned.values())
        if position not in self.positions and position not in planned:
            raise _no_such_work(position)

    def leave(self, reason: str) -> Iterator[RepEvent]:
        self.known()
        if self.left != reason:
            yield RepLeft(reason)

    def come_back(self, department: str | None, region: str | None) -> Iterator[RepEvent]:
        """To where he worked before, unless told otherwise."""
        self.known()
        place = department or self.department, region or self.region
        if self.left is not None:
            yield RepReturned(*place)
        else:
            now = self.department, self.region
            refuse_unequal(*zip(("department", "region"), now, place, strict=True))

    def known(self) -> None:
        if not self.hired:
            raise Unknown(
                "There is no such representative. Hire the representative first.",
                "没有这位业务代表。请先办理入职。",
            )

    def at_work(self) -> None:
        self.known()
        if self.left is not None:
            raise RepGone(
                f"This representative has left ({self.left}). Let him return, or name another.",
                f"这位业务代表已离职（{self.left}）。请先办理返岗，或指定另一位。",
            )

    def takes_on(self, id: str) -> None:
        """Refuse to give new business to who is not there."""
        if not self.hired:
            raise Unknown(
                f"No representative {id} was ever hired. Hire the representative, or name another.",
                f"没有业务代表 {id}。请先办理入职，或指定另一位。",
            )
        if self.left is not None:
            raise RepGone(
                f"Representative {id} has left. Name another.",
                f"业务代表 {id} 已离职。请指定另一位。",
            )
        if not self.sells:
            raise NoRep(
                f"{id} works here without customers. Name a representative.",
                f"{id} 不是业务代表，没有客户。请指定一位业务代表。",
            )

    def takes_part(self, id: str) -> None:
        """Refuse to give rights, or to share, with who does not work here."""
        if self.hired and self.left is not None:
            raise Unknown(
                f"Nobody works here under {id}. That person has left: name another one.",
                f"{id} 已离职。请指定在职人员。",
            )
        if not self.hired:
            raise Unknown(
                f"Nobody works here under {id}. Hire the person first, or check the id.",
                f"没有在职员工 {id}。请先办理入职，或检查其编号。",
            )

    def keeps(self, id: str, customer: str) -> None:
        """Refuse to do new business for an owner who is not there."""
        if not self.hired:
            raise Unknown(
                f"{customer} belongs to {id}, who was never hired. Hand the customer over first.",
                f"{customer} 的负责人 {id} 不是已入职的业务代表。请先移交客户。",
            )
        if self.left is not None:
            raise RepGone(
                f"{customer} belongs to {id}, who has left. Hand the customer over first.",
                f"{customer} 的负责人 {id} 已离职。请先移交客户。",
            )

    @property
    def dimensions(self) -> Mapping[str, str]:
        return {"department": self.department, "region": self.region, "owner": OWN_ID}

    def evolve(self, event: RepEvent) -> Self:
        match event:
            case RepHired(_, department, region, sells=sells):
                hirings = max(1, event.revision or 0)
                born = type(self)(hired=True, revision=self.revision, hirings=hirings, sells=sells)
                under = event.recorded_under()
                return replace(born, department=department, region=region, details=under)
            case RepDetailsChanged(revision=revision):
                return replace(self, revision=revision, details=event.recorded_under())
            case RepMoved(department, region):
                return replace(self, department=department, region=region)
            case RepLeft(reason):
                nothing = replace(self.assignments, planned={})
                return replace(self, left=reason, positions=(), main=None, assignments=nothing)
            case RepReturned(department, region):
                return replace(self, left=None, department=department, region=region)
            case PositionTaken(position, main):
                others = tuple(one for one in self.positions if one != position)
                return replace(
                    self,
                    positions=(*others, position),
                    main=position if main else self.main,
                    given_up={name: why for name, why in self.given_up.items() if name != position},
                )
            case PositionLeft(position, reason):
                left = tuple(one for one in self.positions if one != position)
                next_main = self.main if self.main != position else next(iter(left), None)
                given_up = {**self.given_up, position: reason}
                return replace(self, positions=left, main=next_main, given_up=given_up)
            case RepWithdrawn(reason):
                count = self.revision, self.hirings
                return type(self)(revision=count[0], withdrawn=reason, hirings=count[1])
            case _:
                return replace(self, assignments=self.assignments.after(event))


def _no_such_work(position: str) -> Unknown:
    return Unknown(
        f"This person does not work as {position}. Check the position.",
        f"该员工不担任岗位 {position}。请检查岗位编号。",
    )
