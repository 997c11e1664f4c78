"""What goods of one item are worth, movement by movement: the moving average, and nothing below 0.

What leaves takes its share of what is on hand, rounded half to even; the last unit takes what is
left. A transfer carries its value along, and what comes back of an order costs what it left with.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

OUTSIDE = frozenset({"purchase_receipt", "opening", "production_receipt"})
"""What somebody can be expected to know the cost of."""
ADDED = "StockRecounted", "ReceiptCostCorrected"


class StockTold(NamedTuple):
    """A row of the ledger."""

    type: str
    occurred_at: int
    position: int
    line: int
    location: str
    item: str
    movement: str
    document: str
    cause: str
    sales_order: str
    currency: str
    quantity: int
    lost: int
    delivered: int
    cost: int


class ValuedMove(NamedTuple):
    """One movement: `at` is when it counts, and `value` what the stock's value changed by."""

    told: StockTold
    at: int
    value: int
    uncosted: int
    quantity: int
    balance: int
    currency: str
    lost_value: int = 0
    delivered_value: int = 0
    order: str = ""
    gap_value: int = 0
    """What of its value fell on goods that had left before they came."""

    @property
    def late(self) -> bool:
        """Whether it was told of a time that was closed."""
        return self.at != self.told.occurred_at


class Close(NamedTuple):
    """From a position of the log on nothing before an instant changes."""

    position: int
    until: int
    month: str


def in_force(told: Iterable[tuple[bool, Close]]) -> list[Close]:
    """Closes that were not taken back; of each is told whether it is one, or takes back the last.

    Positions and instants both rise.
    """
    found: list[Close] = []
    for closes, one in told:
        if closes:
            found.append(one)
        elif found:
            found.pop()
    return found


class Timed(Protocol):
    """Something that happened, and was told in a place of the log."""

    @property
    def occurred_at(self) -> int: ...
    @property
    def position(self) -> int: ...


def counted_from(told: Timed, closes: Sequence[Close]) -> int:
    """When it counts: at its own time, or at the first instant that was open when it was told."""
    known = (one.until for one in reversed(closes) if one.position < told.position)
    return max(told.occurred_at, next(known, told.occurred_at))


def share(value: int, part: int, whole: int) -> int:
    """The value of a part, rounded half to even; of all, all of it."""
    if part >= whole:
        return value
    return rounded(value * part, whole)


def rounded(value: int, by: int) -> int:
    """Divided, half to even."""
    found, rest = divmod(value, by)
    return found + int(2 * rest > by or (2 * rest == by and found % 2 == 1))


@dataclass
class Goods:
    """So many, and what they are worth together."""

    quantity: int = 0
    value: int = 0

    def take(self, quantity: int) -> int:
        """What so many of them are worth, which go."""
        gone = share(self.value, quantity, self.quantity) if self.quantity > 0 else 0
        self.quantity, self.value = self.quantity - quantity, self.value - gone
        return gone

    def put(self, quantity: int, value: int) -> None:
        self.quantity, self.value = self.quantity + quantity, self.value + value


@dataclass
class Effect:
    """What a movement changed, to know what undoes it."""

    quantity: int
    value: int
    told: int = 0
    """What it was told to cost in all."""
    cost: int = 0
    """What it was taken to cost in all, whatever of it is here still."""
    uncosted: int = 0
    order: str = ""
    lost: int = 0
    delivered: int = 0


@dataclass
class Worth:
    """All stocks of one item."""

    stocks: dict[str, Goods] = field(default_factory=lambda: defaultdict(Goods))
    transit: dict[str, Goods] = field(default_factory=lambda: defaultdict(Goods))
    sold: dict[str, Goods] = field(default_factory=lambda: defaultdict(Goods))
    effects: dict[tuple[str, str], Effect] = field(default_factory=dict)
    currency: str = ""

    def move(self, told: StockTold, at: int) -> ValuedMove:
        here = self.stocks[told.location]
        before, effect = here.value, self._effect(told, here)
        here.quantity += told.quantity
        # What fills a gap below nothing is worth nothing; nor is what is not there.
        value = before + effect.value if here.quantity > 0 else 0
        if 0 < here.quantity < told.quantity:
            value = share(value, here.quantity, told.quantity)
        here.value = max(value, 0)
        changed = here.value - before
        gap = effect.value - changed
        if told.type == "StockArrivalReversed":
            self.transit[told.document].value, gap = self.transit[told.document].value + gap, 0
        effect.value = changed
        self._keep(told, effect)
        return ValuedMove(
            told,
            at,
            changed,
            effect.uncosted,
            here.quantity,
            here.value,
            self.currency,
            effect.lost,
            effect.delivered,
            told.sales_order or effect.order,
            gap,
        )

    def _effect(self, told: StockTold, here: Goods) -> Effect:
        match told.type:
            case "StockReceived":
                return self._received(told, here)
            case "StockArrived":
                return self._arrived(told, here)
            case "StockTakenBack":
                return Effect(told.quantity, self.transit[told.document].take(told.quantity))
            case "StockReversed" | "StockArrivalReversed":
                return self._undone(told, here)
            case "ReceiptCostCorrected":
                return self._corrected(told, here)
        return self._plain(told, here)

    def _keep(self, told: StockTold, effect: Effect) -> None:
        """A count and what it was recounted by are undone together, and so is what was corrected
        with what it corrected.
        """
        key = told.location, told.cause
        if told.type in ADDED and (before := self.effects.get(key)):
            before.quantity += effect.quantity
            before.value += effect.value
        elif told.type not in ("StockReversed", "StockArrivalReversed", *ADDED):
            self.effects[key] = effect

    def _plain(self, told: StockTold, here: Goods) -> Effect:
        """At the average that stands."""
        if told.quantity > 0:
            return self._average(told.quantity, here)
        if told.quantity == 0:
            return Effect(0, 0)
        gone = share(here.value, -told.quantity, here.quantity) if here.quantity > 0 else 0
        if told.type == "StockDispatched":
            self.transit[told.document].put(-told.quantity, gone)
        elif told.type == "StockShipped":
            self.sold[told.sales_order].put(-told.quantity, gone)
        return Effect(told.quantity, -gone)

    def _average(self, quantity: int, here: Goods) -> Effect:
        if here.quantity <= 0:
            return Effect(quantity, 0, uncosted=quantity)
        return Effect(quantity, rounded(here.value * quantity, here.quantity))

    def _received(self, told: StockTold, here: Goods) -> Effect:
        if told.currency and self._takes(told.currency):
            return Effect(told.quantity, told.cost, told.cost, told.cost)
        if told.sales_order and (sold := self.sold.get(told.sales_order)) and sold.quantity > 0:
            return Effect(told.quantity, sold.take(told.quantity), order=told.sales_order)
        effect = self._average(told.quantity, here)
        effect.told, effect.cost = told.cost, effect.value
        if told.movement in OUTSIDE:
            effect.uncosted = told.quantity
        return effect

    def _takes(self, currency: str) -> bool:
        """One item is worth money of one currency, until nothing of it is worth anything."""
        goods = (*self.stocks.values(), *self.transit.values())
        if currency != self.currency and not any(one.value for one in goods):
            self.currency = currency
        return currency == self.currency

    def _arrived(self, told: StockTold, here: Goods) -> Effect:
        came = told.quantity + told.lost + told.delivered
        sent = self.transit[told.document]
        if sent.quantity <= 0:  # a dealer sent it: nobody knows what it is worth
            return self._average(told.quantity, here) if told.quantity else Effect(0, 0)
        value = sent.take(came)
        lost = share(value, told.lost, came) if told.lost else 0
        rest = value - lost
        if told.delivered:
            return Effect(0, 0, lost=lost, delivered=rest)
        return Effect(told.quantity, rest, lost=lost)

    def _undone(self, told: StockTold, here: Goods) -> Effect:
        """As if it had not been; what nobody knows any more goes at the average."""
        known = self.effects.pop((told.location, told.cause), None)
        if known is None or known.quantity != -told.quantity:
            return self._plain(told, here)
        undone = Effect(told.quantity, -known.value, uncosted=-known.uncosted)
        undone.lost, undone.delivered = -known.lost, -known.delivered
        if told.type == "StockArrivalReversed":
            again = -(told.quantity + told.lost + told.delivered)
            value = known.value + known.lost + known.delivered
            self.transit[told.document].put(again, value)
        elif known.order:
            undone.order = known.order
            self.sold[known.order].put(known.quantity, known.value)
        return undone

    def _corrected(self, told: StockTold, here: Goods) -> Effect:
        """Of what is here still; the rest has left at the cost that was known."""
        known = self.effects.get((told.location, told.cause))
        if known is None or known.quantity <= 0 or not self._takes(told.currency):
            return Effect(0, 0)
        stays = min(max(here.quantity, 0), known.quantity)
        cost = known.told + told.cost  # the ledger has by how much it is another
        change = share(cost - known.cost, stays, known.quantity)
        uncosted, known.uncosted = known.uncosted, 0
        known.told = known.cost = cost
        return Effect(0, change, uncosted=-uncosted)


def valued(
    rows: Iterable[StockTold], closes: Sequence[Close], until: int | None = None
) -> Iterator[ValuedMove]:
    """The movements of one item in the order in which they count, those up to an instant."""
    dated = sorted(
        ((counted_from(one, closes), one.occurred_at, one.position, one.line, one) for one in rows),
        key=lambda each: each[:4],
    )
    worth = Worth()
    for at, *_, one in dated:
        if until is not None and at > until:
            return
        yield worth.move(one, at)
