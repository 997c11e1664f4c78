"""The requests that wait for somebody, as a condition on their list."""

from collections.abc import Iterator

from sqlalchemy import Connection

from aggregates.approvals.request import DIMENSIONS
from commands import Command
from commands.approvals.request import ConfirmRequest
from commands.authorisation import action_of
from projections.engine.conditions import AllOf, AnyOf, Condition, Tree
from projections.engine.reach import NOTHING
from services.access.permissions import Granted

WAITING = Condition("status", "", ["waiting"])


def waiting_for(granted: Granted, connection: Connection) -> Tree:
    """Those that the account may confirm; of what a command names, its thing alone counts."""
    own = [WAITING, Condition("maker", "not", [granted.actor])]
    if granted.rights is None:
        return AllOf(own)
    if granted.rights.person is None:
        return NOTHING
    own.append(Condition("maker_person", "not", [granted.rights.person]))
    ways = [
        AllOf([Condition("command", "", [slug]), *_reached(granted, connection, command)])
        for slug, command in Command.known.items()
        if command.alone is None and granted.may(action_of(command))
    ]
    return AllOf([*own, AnyOf(ways)])


def _reached(granted: Granted, connection: Connection, command: type[Command]) -> Iterator[Tree]:
    """What the account may ask the command of, and confirm."""
    dimensions = command.aggregate().dimensions
    of_another = command.aggregate.of_another
    names = DIMENSIONS if of_another else dimensions
    scope = None if names is None else {name: name for name in names}
    for one in (command, ConfirmRequest):
        yield granted.within(connection, action_of(one), scope)
