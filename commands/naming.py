"""Which things of a kind name another."""

from aggregates import Aggregate
from aggregates.mentions import ThingRef
from commands import Load


def that_name(load: Load, kind: type[Aggregate], id: str, of: type[Aggregate]) -> list[str]:
    """The ids, in their order, of the things `of` a kind whose events name that thing."""
    found = map(ThingRef.of, load.naming(kind, id))
    return sorted(one.id for one in found if one.kind == of.kind)
