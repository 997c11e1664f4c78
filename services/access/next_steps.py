"""What may be done next with a thing: commands that fit its state, of those that are granted."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from aggregates import Aggregate
from commands import Command, Load
from commands.authorisation import action_of, may_ask, rights_of
from infra.clock import instant
from infra.events import Head
from services.access.narrowing import allows
from services.access.permissions import Granted
from services.bootstrap import MENTIONS, Platform
from services.naming import Naming

VERBS = """
bounce cancel change close correct credit defer detach discontinue dismiss drop end exchange
freeze merge move rate reassign redraft remove reopen return reverse review revise revoke
terminate undo unmerge unshare unsubscribe withdraw write
"""
AMENDING = frozenset(VERBS.split())
"""Verbs that look again, put right, take back or end, in place of taking a thing further."""


def amends(command: type[Command]) -> bool:
    return command.slug().partition("-")[0] in AMENDING


def next_steps(
    platform: Platform, granted: Granted, kind: type[Aggregate], id: str
) -> list[type[Command]]:
    """As the log is now: what takes the thing further first, and of that what is declared with
    the kind itself; what processes ask comes last.

    What names the thing is looked up as far as the index of mentions is.
    """

    def named(connection: Connection, head: Head) -> Naming:
        what = connection, platform.store, platform.codec, MENTIONS, head
        return Naming(*what, beyond={})

    now = instant(platform.database.clock.now())
    found = platform.states.ask(
        lambda load: list(_fitting(load, granted, kind, id, now)), named, granted.actor
    )
    own = kind.kind.replace("-", "_")

    def place(one: type[Command]) -> tuple[bool, bool, bool]:
        return one.alone == "process", amends(one), one.__module__.rpartition(".")[2] != own

    return sorted(found, key=place)


def _fitting(
    load: Load, granted: Granted, kind: type[Aggregate], id: str, at: datetime
) -> Iterator[type[Command]]:
    rights = None if granted.rights is None else rights_of(load, granted.actor)
    for command in Command.known.values():
        if command.aggregate is not kind or not allows(granted.narrowed_to, action_of(command)):
            continue
        if may_ask(load, rights, command, id) and command.possible(load, id, at):
            yield command
