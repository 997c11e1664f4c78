"""What was registered by mistake is taken back, as long as nothing was built on it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from aggregates import Aggregate, Refused
from commands import Command, Decision, Load, Text


class BuiltUpon(Refused):
    """What others name stays: what happened with it would be of nothing."""


def unused(load: Load, kind: type[Aggregate], id: str) -> None:
    """Refuse to withdraw what other things name, unless they have been withdrawn themselves.

    Commands are decided one after another on the head of the log, and whatever takes on business
    looks whether what it names is there: so nothing can name it at the same moment.
    """
    if load(kind, id).gone:
        return
    for stream in load.naming(kind, id):
        other, _, name = stream.partition("-")
        if not load(Aggregate.kinds[other], name).gone:
            raise BuiltUpon(
                f"{id} is named by {stream}, and cannot be withdrawn. Withdraw that first, or"
                " stop using this one: close, freeze, discontinue or dismiss it.",
                f"{id} 已被 {stream} 引用，不能撤回。请先撤回该项，"
                "或停用本项：关闭、冻结、停售或办理离职。",
            )


class Withdrawal(Command):
    """Takes back what was registered by mistake; asked again, it corrects the reason."""

    by_share: ClassVar[bool] = False

    reason: Text

    @classmethod
    def applies(cls, state: Any) -> bool:
        return (state.exists and cls.when(state)) or state.gone

    @classmethod
    def possible(cls, load: Load, id: str, at: datetime) -> bool:
        if not super().possible(load, id, at):
            return False
        try:
            unused(load, cls.aggregate, id)
        except Refused:
            return False
        return True

    def across(self, load: Load, at: datetime) -> Iterator[Decision]:
        kind: Any = self.aggregate
        events = list(load(kind, self.id).withdraw(self.reason))
        unused(load, kind, self.id)
        for event in events:
            yield self.stream, event
