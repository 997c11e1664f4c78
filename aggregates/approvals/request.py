"""A command that waits for a second person: whoever asked it never confirms it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from aggregates import Aggregate, Event, Personal, Refused, Unknown
from aggregates.calendar import format_instant
from aggregates.marks import names
from aggregates.mentions import ThingRef
from aggregates.signatory import NOBODY, Signatory

CONTENT = "content"
"""Under what the content of a request is recorded in its stream."""
DIMENSIONS = "department", "region", "owner", "dealer"
Status = Literal["", "waiting", "confirmed", "declined", "withdrawn", "expired"]
DECIDED: Mapping[str, tuple[str, str]] = {
    "confirmed": ("was confirmed", "已确认"),
    "declined": ("was declined", "已拒绝"),
    "withdrawn": ("was withdrawn", "已撤回"),
    "expired": ("has expired", "已过期"),
}
"""What a refusal says of a request that does not wait any more."""


class ConfirmationRequested(Event):
    """A command was asked and has not been decided.

    `content` is what it says, and `of_person` as JSON what of that tells of a person. `thing` is
    what it is asked of, without an id where it is to be numbered, and `mentioned` what else it
    names. `version` is that of the thing that the maker had seen, where that counts.
    `dimensions` are those of the thing as the command would leave it. `digest` is the SHA-256 of
    all that is confirmed. `reason` is why the maker asks it, and `correlation` what the command
    belongs to.
    """

    command: str
    content: Mapping[str, Any]
    of_person: Personal[str]
    digest: str
    maker: str
    person: Annotated[str | None, names("rep")]
    thing: ThingRef
    mentioned: tuple[ThingRef, ...]
    version: int | None
    dimensions: Mapping[str, str] | None
    expires_at: datetime
    reason: str | None = None
    settings: str | None = None
    correlation: str | None = None

    def recorded_under(self) -> str:
        return CONTENT

    def body(self) -> dict[str, Any]:
        """What the command says, as it was asked."""
        return {**self.content, **(json.loads(self.of_person) if self.of_person else {})}

    def computed_digest(self) -> str:
        told: tuple[object, ...] = (self.command, self.body(), self.maker, self.version)
        if self.reason is not None:
            told = *told, self.reason
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


class RequestConfirmed(Event):
    """The command took effect with this event; the checker is the actor."""

    checker: str
    person: Annotated[str | None, names("rep")]


class RequestDeclined(Event):
    checker: str
    person: Annotated[str | None, names("rep")]
    reason: str


class RequestWithdrawn(Event):
    reason: str | None


class RequestExpired(Event):
    """Nobody confirmed it in time."""


RequestEvent = (
    ConfirmationRequested | RequestConfirmed | RequestDeclined | RequestWithdrawn | RequestExpired
)


class AlreadyDecided(Refused):
    """A request is decided once."""


class SamePerson(Refused):
    """Maker and checker are two persons."""


class NotTheMaker(Refused):
    """A request is withdrawn by whoever made it."""


class TermOver(Refused):
    """A request does not wait for ever."""


class NotAPerson(Refused):
    """A request is confirmed by somebody, and not by a program."""


class VersionPassed(Refused):
    """What is confirmed was asked of a thing as it was then."""


class NoLongerApplies(Refused):
    """What was possible when it was asked is not any more."""


class MakerMayNot(Refused):
    """What is done in somebody's name he may do at that moment."""


class ContentAltered(Refused):
    """What is confirmed is what was asked."""


@dataclass(frozen=True)
class CommandRequest(Aggregate):
    """Keeps no content: that stands in the log alone."""

    kind: ClassVar[str] = "request"

    status: Status = ""
    command: str = ""
    maker: Signatory = NOBODY
    thing: ThingRef | None = None
    within: Mapping[str, str] | None = None
    expires_at: datetime | None = None
    checker: Signatory | None = None
    said: str | None = None
    """The reason for which it was declined or withdrawn."""

    def ask(self, requested: ConfirmationRequested) -> Iterator[RequestEvent]:
        if not self.status:
            yield requested

    def confirm(self, checker: Signatory, at: datetime) -> Iterator[RequestEvent]:
        """Confirm it, unless this checker has: what it asks for is decided by whoever calls."""
        self._known()
        if self.status == "confirmed" and self.checker == checker:
            return
        self._open()
        self.another(checker)
        self._in_time(at)
        yield RequestConfirmed(checker.account, checker.person)

    def decline(self, checker: Signatory, reason: str) -> Iterator[RequestEvent]:
        self._known()
        if self.status == "declined" and (self.checker, self.said) == (checker, reason):
            return
        self._open()
        self.another(checker)
        yield RequestDeclined(checker.account, checker.person, reason)

    def withdraw(self, who: Signatory, reason: str | None) -> Iterator[RequestEvent]:
        self._known()
        if not who.same(self.maker):
            raise NotTheMaker(
                f"{self.maker.account} made the request. Decline it, or ask {self.maker.account}"
                " to withdraw it.",
                f"该申请由 {self.maker.account} 提交。请拒绝该申请，或请 {self.maker.account}"
                " 撤回。",
            )
        if self.status == "withdrawn" and self.said == reason:
            return
        self._open()
        yield RequestWithdrawn(reason)

    def expire(self, at: datetime) -> Iterator[RequestEvent]:
        if self.status == "waiting" and self.expires_at is not None and at >= self.expires_at:
            yield RequestExpired()

    def another(self, checker: Signatory) -> None:
        if checker.same(self.maker):
            raise SamePerson(
                f"{self.maker.account} asked for {self.command}, and {checker.account} is the same"
                " person. Another person who may ask it confirms or declines it; to take it back,"
                " withdraw it.",
                f"{self.maker.account} 提交了 {self.command}，而 {checker.account} 是同一人。"
                "须由另一位有此权限的人员确认或拒绝；如需收回，请撤回该申请。",
            )

    def check_waiting(self, at: datetime) -> None:
        """Refuse what nobody could confirm at that time, whoever it was."""
        self._known()
        self._open()
        self._in_time(at)

    def _known(self) -> None:
        if not self.status:
            raise Unknown(
                "There is no such request. Check its id: GET /requests lists them.",
                "没有这个申请。请检查其编号：GET /requests 列出全部申请。",
            )

    def _open(self) -> None:
        if self.status != "waiting":
            by = f" by {self.checker.account}" if self.checker else ""
            zh_by = f"（{self.checker.account}）" if self.checker else ""
            en, zh = DECIDED[self.status]
            raise AlreadyDecided(
                f"The request {en}{by}. Have {self.command} asked again, if it is still wanted.",
                f"该申请{zh}{zh_by}。如仍需要，请重新提交 {self.command}。",
            )

    def _in_time(self, at: datetime) -> None:
        if self.expires_at is not None and at >= self.expires_at:
            raise TermOver(
                f"The request was open until {format_instant(self.expires_at)}, and it is"
                f" {format_instant(at)}. Have {self.command} asked again.",
                f"该申请的有效期至 {format_instant(self.expires_at)}，现在是"
                f" {format_instant(at)}。请重新提交 {self.command}。",
            )

    @property
    def dimensions(self) -> Mapping[str, str] | None:
        return self.within if self.status else dict.fromkeys(DIMENSIONS, "")

    def evolve(self, event: RequestEvent) -> Self:
        match event:
            case ConfirmationRequested():
                return replace(
                    self,
                    status="waiting",
                    command=event.command,
                    maker=Signatory(event.maker, event.person),
                    thing=event.thing,
                    within=event.dimensions,
                    expires_at=event.expires_at,
                )
            case RequestConfirmed(account, person):
                return replace(self, status="confirmed", checker=Signatory(account, person))
            case RequestDeclined(account, person, reason):
                checker = Signatory(account, person)
                return replace(self, status="declined", checker=checker, said=reason)
            case RequestWithdrawn(reason):
                return replace(self, status="withdrawn", said=reason)
            case RequestExpired():
                return replace(self, status="expired")


def check_content(requested: ConfirmationRequested) -> None:
    """Refuse a content that is not the one that was asked."""
    if requested.computed_digest() != requested.digest:
        raise ContentAltered(
            f"The content of the request has the digest {requested.computed_digest()}, not"
            f" {requested.digest}: it was changed after it was asked. Decline it, and have"
            f" {requested.command} asked again.",
            f"申请内容的摘要为 {requested.computed_digest()}，而不是 {requested.digest}："
            f"提交后内容被改动。请拒绝该申请，并重新提交 {requested.command}。",
        )
