"""What was registered by mistake is taken back, as long as nothing was built on it."""

from aggregates import Aggregate, Refused
from commands import Load


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
