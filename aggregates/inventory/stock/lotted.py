"""Which lots a movement takes: what expires first of what may be used, or what somebody names."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from aggregates.inventory.stock.events import LotPart, LotsExpected, LotsMoved, StockCounted
from aggregates.inventory.stock.kinds import kind_of
from aggregates.inventory.stock.lots import LotChoice, Parts, added, blocking
from aggregates.inventory.stock.refusals import (
    LotCountedSince,
    MovementTooOld,
    NotEnough,
    NotEnoughOfLot,
    Withheld,
)

if TYPE_CHECKING:
    from aggregates.inventory.stock import Stock

Way = Literal["use", "remove", "miss", "sell"]
Group = Literal["usable", "withheld", "loose"]
Groups = Mapping[Group, dict[str, int]]
WAYS: Mapping[Way, tuple[Group, ...]] = {
    "use": ("usable", "loose"),
    "remove": ("withheld", "usable", "loose"),
    "miss": ("loose", "usable", "withheld"),
    "sell": ("usable", "loose", "withheld"),
}
"""What is taken, one after another. Only goods to be used are refused where these do not do: what
is scrapped, missing or sold by a dealer is limited elsewhere, or happened."""


class Going(NamedTuple):
    """What is said of lots that move: of which paper they are, and to whom they go."""

    document: str
    parts: Parts = ()
    order: str | None = None
    to_location: str | None = None
    customer: str | None = None


def taken(stock: "Stock", quantity: int, lots: LotChoice, way: Way = "use") -> Parts:
    """The lots that so many goods are of, each below zero; the rest of them are of no lot."""
    if lots.named is not None:
        return (_named(stock, lots.named, quantity, lots, way),)
    if not stock.lots:
        return ()
    groups = _groups(stock, lots)
    if way == "use":
        _must_do(stock, quantity, groups)
    parts, left = [], quantity
    for part in lots.rather:
        there = max(groups["usable"].get(part.lot, 0), groups["withheld"].get(part.lot, 0))
        if mine := min(abs(part.quantity), there, left):
            parts.append(LotPart(part.lot, -mine))
            left -= mine
            for group in groups.values():
                group.pop(part.lot, None)
    for which in WAYS[way]:
        for lot, there in groups[which].items():
            if mine := min(left, there):
                left -= mine
                if lot:
                    parts.append(LotPart(lot, -mine))
    return tuple(parts)


def reach(stock: "Stock", lots: LotChoice) -> int:
    """How many can be used that nobody holds."""
    if not stock.lots:
        return max(stock.available, 0)
    return _reached(stock, _groups(stock, lots))


def held_back(stock: "Stock", order: str, lots: LotChoice) -> int:
    """How many an order holds of lots that may not be used."""
    mine = stock.lots.held.get(order, {})
    return sum(quantity for lot, quantity in mine.items() if not lots.usable(lot))


def let_go(stock: "Stock", order: str, quantity: int, lots: LotChoice) -> Parts:
    """The lots that an order holds no more: what it cannot use goes first, then what lasts."""
    mine = stock.lots.held.get(order, {})
    ranked = list(reversed(lots.first(mine)))
    bad = [lot for lot in ranked if not lots.usable(lot)]
    good = [lot for lot in ranked if lots.usable(lot)]
    loose = stock.orders.get(order, 0) - sum(mine.values())
    given = {**{lot: mine[lot] for lot in bad}, "": loose, **{lot: mine[lot] for lot in good}}
    return _minus(given.items(), quantity)


def unblocked(stock: "Stock", reference: str, quantity: int, lots: LotChoice) -> Parts:
    """The lots of so many that are not blocked under a reference any more."""
    mine = stock.lots.held.get(blocking(reference), {})
    loose = stock.blocks.get(reference, 0) - sum(mine.values())
    return _minus([*((lot, mine[lot]) for lot in lots.first(mine)), ("", loose)], quantity)


def shipped(stock: "Stock", order: str, quantity: int, lots: LotChoice) -> tuple[Parts, Parts]:
    """What the order holds instead of what it may not use, and the lots that leave for it."""
    mine = stock.lots.held.get(order, {})
    usable = {lot: mine[lot] for lot in lots.first(mine) if lots.usable(lot)}
    loose = stock.orders.get(order, 0) - sum(mine.values())
    parts = _minus([*usable.items(), ("", loose)], quantity)
    short = quantity - sum(usable.values()) - max(loose, 0)
    if short <= 0:
        return (), parts
    others = taken(stock, short, lots._replace(named=None))
    bad = [(lot, mine[lot]) for lot in lots.first(mine) if lot not in usable]
    return (*_minus(bad, short), *opposite(others)), _joined((*parts, *others))


def found(stock: "Stock", difference: int, lots: LotChoice) -> Parts:
    """The lots that a count found otherwise; without one, what is too much is of no lot."""
    if lots.named is not None:
        return (LotPart(lots.named, difference),) if difference else ()
    return taken(stock, -difference, lots, "miss") if difference < 0 else ()


def opposite(parts: Parts) -> Parts:
    return tuple(LotPart(part.lot, -part.quantity) for part in parts)


def came_back(went: Parts, before: int, quantity: int) -> Parts:
    """Of what went out, the lots of so many that come back after so many others did."""
    gone = [(part.lot, -part.quantity) for part in went]
    earlier = {part.lot: part.quantity for part in _minus(gone, before)}
    left = [(lot, there + earlier.get(lot, 0)) for lot, there in gone]
    return opposite(_minus(left, quantity))


def arriving(stock: "Stock", transfer: str, quantity: int, lost: int) -> tuple[Parts, Parts]:
    """The lots of a transfer that are here, and those that are on their way no more."""
    coming = stock.lots.coming.get(transfer, {})
    loose = stock.transit.get(transfer, 0) - sum(coming.values())
    sent = [*coming.items(), ("", loose)]
    here, gone = _minus(sent, quantity), _minus(sent, quantity + lost)
    return opposite(here), gone


def expected(holder: Any, transfer: str, parts: Parts) -> Iterator[LotsExpected]:
    if parts:
        yield LotsExpected(holder, transfer, parts)


def moved(stock: "Stock", event: Any, going: Going) -> Iterator[LotsMoved]:
    """The lots that go with an event. What a dealer tells from before a count is of no lot."""
    parts = going.parts
    if parts and (why := _unknown_by_now(stock, event, parts)) is not None:
        if event.holder == "warehouse" or getattr(event, "lot", None):
            raise why
        return
    if event.holder == "warehouse" and not isinstance(event, StockCounted):
        for part in parts:
            held = 0 if going.order else stock.lots.of(part.lot).held
            if (there := max(_since(stock, part.lot, event.moved_at) - held, 0)) < -part.quantity:
                raise NotEnoughOfLot(part.lot, there, -part.quantity)
    if parts:
        cause, movement = event.recorded_under() or "", kind_of(event) or "reversal"
        what = parts, movement, going.document, event.moved_at
        whom = going.order, going.to_location, going.customer
        yield LotsMoved(event.holder, cause, *what, *whom)


def spare(stock: "Stock", lot: str, at: datetime) -> int:
    """How many of a lot nobody holds, now and at every instant since then."""
    return max(_since(stock, lot, at) - stock.lots.of(lot).held, 0)


def _since(stock: "Stock", lot: str, at: datetime) -> int:
    """How many of a lot are on hand, now and at every instant since then."""
    known = stock.lots.of(lot)
    if not known.past.late(at):
        return known.on_hand
    since = (there for _, there in known.past.balances(known.on_hand, at, None))
    return min(known.on_hand, *since)


def _unknown_by_now(stock: "Stock", event: Any, parts: Parts) -> Exception | None:
    """Why the lots of something that is told late cannot be told any more."""
    at, lots = event.moved_at, stock.lots
    dropped = any(part.lot not in lots.there for part in parts)
    if dropped and lots.forgotten is not None and at <= lots.forgotten:
        return MovementTooOld(at, lots.forgotten)
    leaves = any(part.quantity < 0 for part in parts)
    counts = isinstance(event, StockCounted) or getattr(event, "document", None) == "counted"
    own = (at, event.reference) if counts else None  # the count itself, or what undoes it
    for past in (stock.past, *(lots.of(part.lot).past for part in parts)):
        if leaves and past.forgotten is not None and at < past.forgotten:
            return MovementTooOld(at, past.forgotten)
        for count in past.counts:
            if at <= count.at and own != (count.at, count.reference):
                return LotCountedSince(at, count.reference, count.at)
    return None


def _named(stock: "Stock", lot: str, quantity: int, lots: LotChoice, way: Way) -> LotPart:
    if way == "use" and not lots.usable(lot):
        raise Withheld(0, quantity, [lot])
    if (there := spare(stock, lot, lots.at)) < quantity:
        raise NotEnoughOfLot(lot, there, quantity)
    return LotPart(lot, -quantity)


def _groups(stock: "Stock", lots: LotChoice) -> Groups:
    usable, withheld = dict[str, int](), dict[str, int]()
    for lot in lots.first(stock.lots.there):
        into = usable if lots.usable(lot) else withheld
        into[lot] = spare(stock, lot, lots.at)
    return {"usable": usable, "withheld": withheld, "loose": {"": _loose(stock, lots.at)}}


def _loose(stock: "Stock", at: datetime) -> int:
    """How many of no lot nobody holds, now and at every instant since then."""
    every = stock.lots
    there = stock.on_hand - every.on_hand
    if stock.past.late(at):
        instants = dict(stock.past.balances(stock.on_hand, at, None))
        for instant, on_hand in instants.items():
            of_lots = sum(lot.past.book(lot.on_hand, instant) for lot in every.there.values())
            there = min(there, on_hand - of_lots)
    return max(there - (stock.reserved + stock.blocked - every.reserved), 0)


def _reached(stock: "Stock", groups: Groups) -> int:
    there = sum(groups["usable"].values()) + sum(groups["loose"].values())
    return min(there, max(stock.available, 0))


def _must_do(stock: "Stock", quantity: int, groups: Groups) -> None:
    if (there := _reached(stock, groups)) < quantity:
        withheld = [lot for lot, some in groups["withheld"].items() if some]
        raise Withheld(there, quantity, withheld) if withheld else NotEnough(there, quantity)


def _minus(given: Iterable[tuple[str, int]], quantity: int) -> Parts:
    """So many of what is given, in its order; without a name it is of no lot."""
    parts, left = [], quantity
    for lot, there in given:
        if (mine := min(left, there)) > 0:
            left -= mine
            if lot:
                parts.append(LotPart(lot, -mine))
    return tuple(parts)


def _joined(parts: Parts) -> Parts:
    return tuple(LotPart(lot, quantity) for lot, quantity in added({}, parts).items())
