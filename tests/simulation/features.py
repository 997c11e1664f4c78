"""What a seed has besides the daily trade, and the small sizes that let a short run meet edges.

Where there are orders a command may name only what is registered, as by default; elsewhere
references are open.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from commands.registers import _Registers
from infra import log
from projections.engine import rollups
from services.workers import deadlines, project, publish, react, rebuild, upkeep

ALL = (
    "orders",
    "poison",
    "snapshots",
    "rollups",
    "rebuilds",
    "restores",
    "heritage",
    "limits",
    "members",
    "deals",
    "shelf",
    "stuck",
    "deadlines",
)
SIZES = (
    (publish, "WINDOW", 20),
    (publish, "READ", 7),
    (project, "LOOK_EVERY", 4),
    (react, "BATCH", 4),
    (deadlines, "BATCH", 3),
    (rebuild, "READ", 9),
    (rebuild, "NEAR", 6),
)


def chosen(seed: int) -> frozenset[str]:
    random = Random(f"features of {seed}")
    return frozenset(name for name in ALL if random.random() < 0.35)


def kinds(features: Collection[str]) -> list[str]:
    """The kinds of aggregates that there will be."""
    orders = ["rep", "order", "customer", "product", "backlog", "warehouse", "register"]
    sold = orders if "orders" in features else []
    buying = ["member", "customer"] if "members" in features else []
    dealing = ["rep", "customer", "opportunity", "portfolio"] if "deals" in features else []
    sold = [*dict.fromkeys([*sold, *buying, *dealing])]
    return ["stock", *sold, *(["exclusion"] if skips(features) else [])]


def parks(features: Collection[str]) -> bool:
    """Whether a view meets what it cannot read, or cannot write."""
    return not {"poison", "limits"}.isdisjoint(features)


def skips(features: Collection[str]) -> bool:
    """Whether an operator may leave out what is parked for a view or a process."""
    return parks(features) or {"orders", "stuck"} <= set(features)


@contextmanager
def sizes(features: Collection[str]) -> Iterator[None]:
    own: list[tuple[Any, str, int]] = [(_Registers, "checked", "orders" in features)]
    if "snapshots" in features:
        own += [(log, "SNAPSHOT_EVERY", 4)]
    if "rollups" in features:
        own += [(rollups, "BLOCK", 16), (upkeep, "ROLL_UP_EVERY", 12)]
    wanted = (*SIZES, *own)  # one that has moved must not go unnoticed: it raises here
    before = [(module, name, getattr(module, name)) for module, name, _ in wanted]
    try:
        for module, name, value in wanted:
            setattr(module, name, value)
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)
