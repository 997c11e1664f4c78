"""What may be asked about commands that wait for a second person."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import ValidationError

from aggregates import Aggregate, Event, Refused
from aggregates.approvals.request import (
    CONTENT,
    CommandRequest,
    ConfirmationRequested,
    ContentAltered,
    MakerMayNot,
    NoLongerApplies,
    NotAPerson,
    RequestEvent,
    VersionPassed,
    check_content,
)
from commands import Alone, Command, Decision, Load, Rehearsal, Text
from commands.approvals.identities import signatory
from commands.authorisation import Forbidden, OutOfScope, check_rights, rights_now


class KeepRequest(Command):
    """Keep a command that waits for a second person.

    Declared without `of`: the platform asks it in place of that command.
    """

    aggregate: ClassVar[type[Aggregate]] = CommandRequest

    requested: Any

    def decide(self, state: CommandRequest, at: datetime) -> Iterator[RequestEvent]:
        return state.ask(self.requested)


class ExpireRequest(Command):
    """End a request that nobody has confirmed in time.

    Declared without `of`: it is for the process to ask.
    """

    aggregate: ClassVar[type[Aggregate]] = CommandRequest

    def decide(self, state: CommandRequest, at: datetime) -> Iterator[RequestEvent]:
        return state.expire(at)


def _waiting(state: Any) -> bool:
    return bool(state.status == "waiting")


class _RequestCommand(Command):
    by_share: ClassVar[bool] = False
    alone: ClassVar[Alone | None] = "signature"
    by_maker: ClassVar[bool] = False
    """Whether it is for the maker to ask, rather than for anybody else."""

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:  # noqa: ARG003 - of some
        state: CommandRequest = load(CommandRequest, id)
        return cls.applies(state) and signatory(load, load.actor).same(state.maker) == cls.by_maker


class ConfirmRequest(_RequestCommand, of=CommandRequest, when=_waiting):
    """Confirm what somebody else has asked: it takes effect now, in the name of who asked it.

    Whoever confirms may ask that command of that thing, and is another person.
    """

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: CommandRequest = load(CommandRequest, self.id)
        for event in state.confirm(signatory(load, load.actor), at):
            requested = content_of(load, self.id)
            check_content(requested)
            command = command_of(requested)
            check_checker(load, command)
            _check_maker(load, requested, command)
            _check_version(load, requested, command)
            yield self.stream, event
            _perform(load, self.stream, requested, command)


class DeclineRequest(_RequestCommand, of=CommandRequest, when=_waiting):
    """Decline what somebody else has asked: it never takes effect."""

    reason: Text

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: CommandRequest = load(CommandRequest, self.id)
        for event in state.decline(signatory(load, load.actor), self.reason):
            check_checker(load, command_of(content_of(load, self.id)))
            yield self.stream, event


class WithdrawRequest(_RequestCommand, of=CommandRequest, when=_waiting):
    """Take back what one has asked oneself, before anybody has confirmed it."""

    by_maker: ClassVar[bool] = True

    reason: Text | None = None

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        state: CommandRequest = load(CommandRequest, self.id)
        for event in state.withdraw(signatory(load, load.actor), self.reason):
            yield self.stream, event


def content_of(load: Load, id: str) -> ConfirmationRequested:
    """What was asked, as the log has it: the state keeps none of it."""
    found: ConfirmationRequested | None = load.event(CommandRequest, id, CONTENT)
    if found is None:
        raise ContentAltered(
            f"The log has no content of the request {id}. Decline it, and have it asked again.",
            f"日志中没有申请 {id} 的内容。请拒绝该申请并重新提交。",
        )
    return found


def command_of(requested: ConfirmationRequested) -> Command:
    """The command, as this build reads what was asked."""
    try:
        return Command.known[requested.command].model_validate(requested.body())
    except (KeyError, ValidationError) as error:
        raise NoLongerApplies(
            f"This version of the platform cannot read the {requested.command} that was asked."
            " Decline the request, and have it asked again.",
            f"当前版本的平台无法读取所提交的 {requested.command}。请拒绝该申请并重新提交。",
        ) from error


def check_checker(load: Load, command: Command) -> None:
    """Refuse whoever may not ask the command himself, and what is nobody's account."""
    rights = rights_now(load, load.actor)
    check_rights(load, load.actor, command)
    if rights is not None and rights.person is None:
        raise NotAPerson(
            f"{load.actor} is no person's account, and a second person decides. Sign in with an"
            " account that was opened for a person.",
            f"{load.actor} 不是员工账号，而申请须由第二人决定。请使用员工账号登录。",
        )


def _check_maker(load: Load, requested: ConfirmationRequested, command: Command) -> None:
    try:
        check_rights(load, requested.maker, command)
    except (Forbidden, OutOfScope) as error:
        raise MakerMayNot(
            f"{requested.maker}, who asked it, may no longer: {error} Decline the request.",
            f"提交人 {requested.maker} 已无此权限：{error.zh}请拒绝该申请。",
        ) from error


def _check_version(load: Load, requested: ConfirmationRequested, command: Command) -> None:
    if requested.version is None:
        return
    now = load.version(command.aggregate, command.stream.partition("-")[2])
    if now != requested.version:
        raise VersionPassed(
            f"{command.stream} was at version {requested.version} when {requested.command} was"
            f" asked, and is at {now}. Decline the request, and have it asked again of what is so"
            " now.",
            f"提交 {requested.command} 时 {command.stream} 的版本为 {requested.version}，"
            f"现在为 {now}。请拒绝该申请，并按现状重新提交。",
        )


def rehearse_request(load: Load, id: str) -> Rehearsal:
    """What a request would do if somebody confirmed it now; raises why nobody could."""
    state: CommandRequest = load(CommandRequest, id)
    state.check_waiting(load.now)
    requested = content_of(load, id)
    check_content(requested)
    command = command_of(requested)
    _check_maker(load, requested, command)
    _check_version(load, requested, command)
    found: Rehearsal

    def decide() -> Sequence[Event]:
        nonlocal found
        found = load.rehearse(command, requested.maker)
        return found.events

    _check_effect(requested, decide)
    return found


def _perform(load: Load, stream: str, requested: ConfirmationRequested, command: Command) -> None:
    """Decide the command in the maker's name; its events tell who confirmed which request."""
    cause = f"{stream}:{load.actor}"
    _check_effect(
        requested,
        lambda: load.perform(command, requested.maker, cause, requested.correlation),
    )


def _check_effect(requested: ConfirmationRequested, decide: Callable[[], Sequence[Event]]) -> None:
    """Refuse where the command is refused by now, or would change nothing."""
    try:
        events = decide()
        refuse_refusal(events)
    except Refused as error:
        raise NoLongerApplies(
            f"{requested.command} no longer applies: {error} Decline the request, or confirm it"
            " once that has changed.",
            f"{requested.command} 已不适用：{error.zh}请拒绝该申请，或待情况变化后再确认。",
        ) from error
    if not events:
        raise NoLongerApplies(
            f"{requested.command} would change nothing any more: what it asks for is so already."
            " Decline the request.",
            f"{requested.command} 不会再带来任何变化：所要求的内容已经如此。请拒绝该申请。",
        )


def refuse_refusal(events: Iterable[Event]) -> None:
    """Raise what the events would record as a refusal."""
    for event in events:
        if event.refusal:
            raise Refused(*event.said())
