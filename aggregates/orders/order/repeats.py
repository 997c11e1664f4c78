"""What is asked for once more: the same is no news, and anything else is refused."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from aggregates import Event, refuse_unequal, taken
from aggregates.orders.lines import Difference, OrderLine, PartsSaid, Said, other_lines
from aggregates.orders.order.events import (
    OrderApproved,
    OrderDrafted,
    OrderLossCredited,
    OrderReturned,
    OrderShipped,
    OrderSplit,
)
from aggregates.orders.order.refusals import LinesContracted, LinesQuoted


def drafted_again(
    before: OrderDrafted, said: Mapping[str, str | None], lines: tuple[Said, ...]
) -> None:
    """Refuse another content under an order's id; what was not said is as it was."""
    refuse_others(before, said, other_lines(before.lines, lines))


def as_quoted(
    drafted: OrderDrafted, lines: tuple[OrderLine, ...], asked: tuple[Said, ...]
) -> tuple[OrderLine, ...]:
    """The lines of an order that a quotation became, or that was drawn on a contract, at the prices
    of it; others are refused.
    """
    for name, before, now in other_lines(lines, asked):
        if drafted.contract is not None:
            raise LinesContracted(drafted.contract, name, before, now)
        raise LinesQuoted(drafted.quotation, drafted.quotation_revision, name, before, now)
    return lines


def approved_again(
    before: OrderApproved,
    split: OrderSplit | None,
    approver: str | None,
    content: str | None,
    *,
    rest: str | None,
    partial: bool,
    hold_until: datetime | None,
) -> None:
    """Refuse another approval; whoever read the whole order has approved its part."""
    if split is not None:
        refuse_others(split, {"rest": rest or split.rest})
        if partial and content == split.content:
            content = split.kept
    refuse_others(before, _told(content=content, approver=approver, hold_until=hold_until))
    if split is not None and not partial:
        raise taken([("partial", True, False)])


def parts_again(
    before: OrderShipped | OrderReturned | OrderLossCredited,
    parts: PartsSaid | None,
    **said: str | None,
) -> None:
    """Refuse other lines, or whatever else is said, under the reference of those."""
    more = () if parts is None else PartsSaid.of(before.lines).others(parts)
    refuse_others(before, _told(**said), more)


def _told(**said: Any) -> dict[str, Any]:
    """What is not said is left open."""
    return {name: value for name, value in said.items() if value is not None}


def refuse_others(before: Event, said: Mapping[str, Any], more: Iterable[Difference] = ()) -> None:
    refuse_unequal(*((name, getattr(before, name), value) for name, value in said.items()), *more)
