"""What was taken back is not recorded again under its number, nor taken back for another reason."""

from aggregates import Aggregate, TakenBack, refuse_unequal
from commands import Load


def refuse_taken_back(
    load: Load, kind: type[Aggregate], id: str, undoing: str, number: str
) -> None:
    """Refuse what is recorded under that number, once `undoing` is recorded."""
    if load.event(kind, id, undoing) is not None:
        raise TakenBack(number)


def is_taken_back(load: Load, kind: type[Aggregate], id: str, undoing: str, reason: str) -> bool:
    """Whether `undoing` is recorded already; for another reason it is refused."""
    before = load.event(kind, id, undoing)
    if before is not None:
        refuse_unequal(("reason", before.reason, reason))
    return before is not None
