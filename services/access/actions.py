"""What can be granted: each command, each list and figure, and what keeps the platform in order."""

from collections.abc import Iterator
from functools import cache

from aggregates import Aggregate
from commands import Command
from commands.authorisation import action_of, context_of
from projections.engine import View
from services.bootstrap import CONTEXTS, RECORDS

OPERATIONS = (
    "access-log",
    "imports",
    "integrity",
    "keys",
    "metrics",
    "parked",
    "rebuild",
    "status",
    "users",
    "webhooks",
)
"""What may be operated, as `operate:status`."""
FIELDS = ("cost", "count", "margin", "personal")
"""Classes of fields that are hidden unless they are granted, as `field:cost`."""
OF_KIND = {"count": "recount"}
"""Classes that are hidden in things of one kind alone: who counts again shall not know the first
count, and of a count that is booked everybody may."""


def operate(name: str) -> str:
    assert name in OPERATIONS, f"{name} is no operation that can be granted"
    return f"operate:{name}"


@cache
def reading(kind: str) -> str:
    """What must be granted to see things of a kind, and its events: `read:orders/orders`."""
    aggregate = Aggregate.kinds[kind]
    name = next((record.name for record in RECORDS if record.kind is aggregate), kind)
    return f"read:{context_of(aggregate)}/{name}"


@cache
def reading_figure(view: View) -> str:
    """What must be granted to see the figures of a view: `read:targets/rankings`."""
    context = next(one.name for one in CONTEXTS if view in one.views)
    return f"read:{context}/{view.name}"


def classes(action: str) -> Iterator[str]:
    """The classes of fields that there are in what an action lets read."""
    yield from (one for one in FIELDS if one not in OF_KIND or action == reading(OF_KIND[one]))


def about(kind: str) -> Iterator[str]:
    """What can be granted of things of a kind: to see them, and each command of theirs."""
    yield reading(kind)
    yield from (
        action_of(command) for command in Command.known.values() if command.aggregate.kind == kind
    )


def every() -> Iterator[str]:
    """All that can be granted."""
    yield from (action_of(command) for command in Command.known.values())
    kinds = (kind for context in CONTEXTS for kind in context.every_kind)
    looked_up = {record.kind for record in RECORDS}
    yield from (reading(k.kind) for k in kinds if k in looked_up or not k.of_another)
    yield from (reading_figure(view) for context in CONTEXTS for view in context.views)
    yield from map(operate, OPERATIONS)
    yield from (f"field:{name}" for name in FIELDS)
