"""The requests that wait for somebody, as a condition on their list."""

from aggregates.approvals.request import DIMENSIONS
from aggregates.conditions import AllOf, Condition, Tree
from commands import Command
from commands.approvals.request import ConfirmRequest
from commands.authorisation import action_of
from projections.engine.reach import NOTHING
from services.access.by_value import by_value
from services.lists.own_condition import ListReader

WAITING = Condition("status", "", ["waiting"])


def waiting_for(granted: ListReader) -> Tree:
    """Those that the account may confirm; of what a command names, its thing alone counts."""
    own = [WAITING, Condition("maker", "not", [granted.actor])]
    if granted.rights is None:
        return AllOf(own)
    if granted.rights.person is None:
        return NOTHING
    own.append(Condition("maker_person", "not", [granted.rights.person]))
    every = (one for one in Command.known.items() if granted.may(action_of(one[1])))
    ways = ((slug, _reached(granted, command)) for slug, command in every if command.alone is None)
    return AllOf([*own, by_value("command", ways)])


def _reached(granted: ListReader, command: type[Command]) -> Tree:
    """What the account may ask the command of, and confirm."""
    names = DIMENSIONS if command.aggregate.of_another else command.aggregate().dimensions
    scope = None if names is None else {name: name for name in names}
    both = [granted.reach(action_of(one)).tree(scope) for one in (command, ConfirmRequest)]
    return AllOf(both)
