"""What a second person has to do with a right: who may confirm, and who may not and why."""

from collections.abc import Iterator

from aggregates.approvals.request import CommandRequest
from aggregates.signatory import Signatory
from commands import Command, Load
from commands.approvals.identities import signatory
from commands.approvals.request import WithdrawRequest
from commands.approvals.second_person import settings_now, waits
from commands.authorisation import paths
from services.access.confirmers import MOST_NAMED, Thing, checkers, named, obstacle


def command_named(action: str) -> type[Command] | None:
    """The command that an action lets ask; None for one that lets read or operate."""
    verb, _, name = action.partition(":")
    return Command.known.get(name.rpartition("/")[2]) if verb == "command" else None


def checkers_of(load: Load, action: str, thing: Thing) -> list[Signatory] | None:
    """Who may confirm what an action lets ask; None where it waits for nobody."""
    command = command_named(action)
    if command is None or not waits(load, command):
        return None
    return list(checkers(load, command, thing))


def waiting(load: Load, account: str, action: str, thing: Thing) -> Iterator[str]:
    """That what an account may ask waits for a second person, and for whom."""
    every = checkers_of(load, action, thing)
    if every is None:
        return
    days = settings_now(load).settings.days
    yield (
        f"It then waits for a second person, for {days} days at most:"
        " approvals.second_person lists it."
    )
    names = named(every, signatory(load, account))
    if names:
        more = " and others" if len(names) == MOST_NAMED else ""
        yield f"May confirm it: {', '.join(names)}{more}."
    else:
        yield (
            "Nobody else may confirm it: grant another person it, and"
            " command:approvals/confirm-request."
        )


def obstacle_of_request(load: Load, account: str, action: str, stream: str | None) -> str | None:
    """Why an account that may decide requests may not decide that one; None where it may."""
    command = command_named(action)
    if stream is None or command is None or command.aggregate is not CommandRequest:
        return None
    name = stream.partition("-")[2]
    state: CommandRequest = load(CommandRequest, name)
    if not state.status:
        return f"There is no request {name}."
    if command is WithdrawRequest:
        if signatory(load, account).same(state.maker):
            return None
        return f"{state.maker.account} asked for it: nobody else withdraws it."
    thing = paths(load, CommandRequest, name)
    return obstacle(load, account, state.maker, Command.known[state.command], thing)
