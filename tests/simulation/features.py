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
from services.notices import sender
from services.workers import deadlines, project, publish, react, rebuild, upkeep

FIRST = (
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
LATER = ("approvals",)
"""Drawn apart, so that seeds which found something before there were these still find it."""
LOTS = "lots"
EVERY = 13
"""One seed of so many has lots, and none of those that find a planted bug of something else."""
COSTS = "costs"
EACH = 23
"""One seed of so many has costs, likewise."""
ALL = (*FIRST, *LATER, LOTS, COSTS)
SIGNING = (
    *("account", "settings", "subscription", "approval"),
    *("absence", "adjustment", "customer_account"),
)
"""The kinds of whoever signs, and of what is signed besides orders."""
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
    random, apart = Random(f"features of {seed}"), Random(f"approves of {seed}")
    found = [name for name in FIRST if random.random() < 0.35]
    found += [name for name in LATER if apart.random() < 0.35]
    found += [LOTS] if seed % EVERY == EVERY - 1 else []
    return frozenset([*found, *([COSTS] if seed % EACH == 0 else [])])


def kinds(features: Collection[str]) -> list[str]:
    """The kinds of aggregates that there will be."""
    orders = ["rep", "order", "customer", "product", "backlog", "warehouse", "register"]
    sold = [*orders, "statement", "partner"] if "orders" in features else []
    buying = ["member", "customer"] if "members" in features else []
    dealing = ["rep", "customer", "opportunity", "portfolio"] if "deals" in features else []
    signing = [*SIGNING] if approves(features) else []
    sold = [*dict.fromkeys([*sold, *buying, *dealing, *signing])]
    sold += ["lot"] if LOTS in features else []
    sold += ["stock_period", *({"product"} - {*sold})] if COSTS in features else []
    return ["stock", *sold, *(["exclusion"] if skips(features) else [])]


def approves(features: Collection[str]) -> bool:
    """Whether large orders need signatures, and people are told of them."""
    return {"approvals", "orders"} <= set(features)


def parks(features: Collection[str]) -> bool:
    """Whether a view meets what it cannot read, or cannot write."""
    return not {"poison", "limits"}.isdisjoint(features)


def skips(features: Collection[str]) -> bool:
    """Whether an operator may leave out what is parked for a view or a process."""
    return parks(features) or {"orders", "stuck"} <= set(features)


@contextmanager
def sizes(features: Collection[str]) -> Iterator[None]:
    own: list[tuple[Any, str, Any]] = [(_Registers, "checked", "orders" in features)]
    if approves(features):
        own += [(sender, "random", Random(0))]
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
