"""An order is approved as it stands, ships what it reserved, and its parts sum to its lines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, replace
from hashlib import sha256
from typing import ClassVar, Self

from aggregates import Aggregate, Event, Refused, Unknown

Wanted = tuple[tuple[str, int], ...]
"""Items and quantities, line by line."""
WHOLE = 10_000
"""A whole in basis points."""
PROMISED = frozenset({"approved", "partly_shipped"})
"""An order in one of these states holds exactly what is open on it."""
WAITING = PROMISED | {"draft", "submitted"}
"""An order in one of these states may hold what is open on it, or less."""


@dataclass(frozen=True)
class OrderLine:
    line: int
    item: str
    quantity: int
    unit_price: int
    discount_bp: int
    amount: int
    cost: int | None  # of the whole line


@dataclass(frozen=True)
class ShippedLine:
    line: int
    item: str
    quantity: int
    amount: int
    cost: int | None


@dataclass(frozen=True)
class Shortage:
    item: str
    wanted: int
    available: int


@dataclass(frozen=True)
class Released:
    item: str
    quantity: int


class OrderDrafted(Event):
    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    lines: tuple[OrderLine, ...]
    rep: str
    department: str
    region: str
    opportunity: str | None


class OrderRedrafted(Event):
    """Other lines; what was submitted before is void."""

    lines: tuple[OrderLine, ...]


class OrderSubmitted(Event):
    amount: int
    content: str


class OrderApproved(Event):
    content: str
    approver: str | None


class OrderApprovalRefused(Event):
    """What was to be approved, by whom, and where it was short: enough to try again later."""

    refusal: ClassVar[bool] = True
    shortages: tuple[Shortage, ...]
    warehouse: str
    content: str
    approver: str | None


class OrderRejected(Event):
    reason: str


class OrderShipped(Event):
    shipment: str
    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    rep: str
    department: str
    region: str
    lines: tuple[ShippedLine, ...]
    complete: bool


class OrderCancelled(Event):
    reason: str
    released: tuple[Released, ...]


class OrderReturned(Event):
    return_id: str
    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    rep: str
    department: str
    region: str
    lines: tuple[ShippedLine, ...]
    reason: str


OrderEvent = (
    OrderDrafted
    | OrderRedrafted
    | OrderSubmitted
    | OrderApproved
    | OrderApprovalRefused
    | OrderRejected
    | OrderShipped
    | OrderCancelled
    | OrderReturned
)


class OrderTaken(Refused):
    """The id belongs to an order drafted with other content."""


class NotNow(Refused):
    """An order takes one step after the other."""


class ContentChanged(Refused):
    """What is approved is what was read."""


class ReferenceTaken(Refused):
    """A shipment or a return has one content."""


class BeyondLine(Refused):
    """No more is shipped than ordered, and no more returned than shipped."""


class BeyondOrder(Refused):
    """Nothing is set aside for an order that it does not want."""


class StillNeeded(Refused):
    """What an approved order was promised is not let go behind its back."""


@dataclass(frozen=True)
class SalesOrder(Aggregate):
    kind: ClassVar[str] = "order"

    drafted: OrderDrafted | None = None
    status: str = "unknown"
    lines: tuple[OrderLine, ...] = ()
    content: str = ""  # as submitted
    shipped: tuple[int, ...] = ()  # line by line
    returned: tuple[int, ...] = ()
    shipments: Mapping[str, tuple[ShippedLine, ...]] = field(default_factory=dict)
    returns: Mapping[str, tuple[ShippedLine, ...]] = field(default_factory=dict)

    def draft(self, order: OrderDrafted) -> Iterator[OrderEvent]:
        if not self.repeats(order.customer, order.warehouse, _wanted(order.lines)):
            yield order

    def repeats(self, customer: str, warehouse: str, wanted: Wanted) -> bool:
        """Whether this very order was drafted, whatever prices and people have become since."""
        if (before := self.drafted) is None:
            return False
        asked = before.customer, before.warehouse, _wanted(before.lines)
        if asked != (customer, warehouse, wanted):
            raise OrderTaken(
                "This id belongs to another order. Choose another id, or redraft it.",
                "此编号属于另一张订单。请换一个编号，或修改原订单。",
            )
        return True

    def redraft(self, lines: tuple[OrderLine, ...]) -> Iterator[OrderEvent]:
        self.must_be("draft", "submitted")
        if lines != self.lines:
            yield OrderRedrafted(lines)

    def submit(self) -> Iterator[OrderEvent]:
        if self.must_be("draft", "submitted") == "draft":
            yield OrderSubmitted(sum(line.amount for line in self.lines), content_of(self.lines))

    def approve(
        self, approver: str | None, content: str | None, shortages: tuple[Shortage, ...]
    ) -> Iterator[OrderEvent]:
        """Approve what was submitted; `content` is what the approver read."""
        if self.must_be("submitted", "approved", "partly_shipped", "shipped") != "submitted":
            return
        if content not in (None, self.content):
            raise ContentChanged(
                "The order was changed after you read it. Read it again.",
                "您读取之后订单已被修改。请重新读取。",
            )
        if shortages:
            where = self.known().warehouse
            yield OrderApprovalRefused(shortages, where, self.content, approver)
        else:
            yield OrderApproved(self.content, approver)

    def reject(self, reason: str) -> Iterator[OrderEvent]:
        if self.must_be("submitted", "rejected") == "submitted":
            yield OrderRejected(reason)

    def ship(self, shipment: str, parts: Mapping[int, int] | None) -> Iterator[OrderEvent]:
        """Ship these quantities of these lines, or all that is open."""
        if shipment in self.shipments:
            return _same(shipment, self.shipments[shipment], parts)
        self.must_be("approved", "partly_shipped")
        ordered = tuple(line.quantity for line in self.lines)
        lines = self._take(self.open if parts is None else parts, self.shipped, ordered)
        complete = _added(self.shipped, lines) == ordered
        yield OrderShipped(shipment, *self._stamp(), lines, complete)

    def cancel(self, reason: str, held: Mapping[str, int]) -> Iterator[OrderEvent]:
        """Cancel what is not shipped; what is `held` for it of each item is let go."""
        stages = "draft", "submitted", "rejected", "approved", "partly_shipped", "cancelled"
        if self.must_be(*stages) != "cancelled":
            yield OrderCancelled(reason, tuple(Released(*each) for each in held.items()))

    def take_back(
        self, return_id: str, parts: Mapping[int, int], reason: str
    ) -> Iterator[OrderEvent]:
        if return_id in self.returns:
            return _same(return_id, self.returns[return_id], parts)
        self.known()
        lines = self._take(parts, self.returned, self.shipped)
        yield OrderReturned(return_id, *self._stamp(), lines, reason)

    @property
    def open(self) -> Mapping[int, int]:
        """What is still to be shipped, by line."""
        pairs = zip(self.lines, self.shipped, strict=True)
        return {line.line: line.quantity - done for line, done in pairs if done < line.quantity}

    def due(self, location: str, item: str) -> int:
        """How many of an item the order may hold at a location; an approved one holds them all."""
        if self.status not in WAITING or location != self.known().warehouse:
            return 0
        return sum(left for line, left in self.open.items() if self.lines[line - 1].item == item)

    def may_hold(self, location: str, item: str, quantity: int) -> None:
        """Refuse what the order does not want; of an order that is not known, nobody knows."""
        if self.drafted is None or quantity <= (most := self.due(location, item)):
            return
        raise BeyondOrder(
            f"The order is {self.status} and may hold {most} of {item} at {location}, not"
            f" {quantity}. Reserve no more than that, or change its lines first.",
            f"订单的状态是 {self.status}，在 {location} 最多可预留 {most} 件 {item}，"
            f"而不是 {quantity}。请减少预留数量，或先修改订单行。",
        )

    def may_let_go(self, location: str, item: str) -> None:
        if self.status in PROMISED and (needed := self.due(location, item)):
            raise StillNeeded(
                f"The order is {self.status} and needs {needed} of {item} at {location}."
                " Ship the order, or cancel it.",
                f"订单的状态是 {self.status}，需要 {location} 的 {needed} 件 {item}。"
                "请将订单发货，或取消订单。",
            )

    def known(self) -> OrderDrafted:
        if self.drafted is None:
            raise Unknown(
                "There is no such order. Draft the order first.", "没有这张订单。请先起草订单。"
            )
        return self.drafted

    def must_be(self, *allowed: str) -> str:
        self.known()
        if self.status not in allowed:
            raise NotNow(
                f"The order is {self.status}; that needs an order that is {' or '.join(allowed)}.",
                f"订单的状态是 {self.status}；此操作要求状态为 {' 或 '.join(allowed)}。",
            )
        return self.status

    def _take(
        self, parts: Mapping[int, int], done: tuple[int, ...], limit: tuple[int, ...]
    ) -> tuple[ShippedLine, ...]:
        for number, quantity in parts.items():
            if not 1 <= number <= len(self.lines):
                raise Unknown(
                    f"The order has no line {number}. Choose 1 to {len(self.lines)}.",
                    f"订单没有第 {number} 行。请选择 1 至 {len(self.lines)}。",
                )
            if (left := limit[number - 1] - done[number - 1]) < quantity:
                raise BeyondLine(
                    f"Line {number} has {left} left, not {quantity}. Take fewer.",
                    f"第 {number} 行只剩 {left}，不足 {quantity}。请减少数量。",
                )
        return tuple(
            part(self.lines[number - 1], done[number - 1], quantity)
            for number, quantity in sorted(parts.items())
        )

    def _stamp(self) -> tuple[str, str, str, str, str, str, str]:
        order = self.known()
        who = order.rep, order.department, order.region
        return order.customer, order.customer_kind, order.warehouse, order.currency, *who

    def evolve(self, event: OrderEvent) -> Self:
        match event:
            case OrderDrafted():
                return replace(self, drafted=event).holding(event.lines)
            case OrderRedrafted(lines):
                return self.holding(lines)
            case OrderSubmitted(_, content):
                return replace(self, status="submitted", content=content)
            case OrderApproved():
                return replace(self, status="approved")
            case OrderApprovalRefused():
                return self
            case OrderRejected():
                return replace(self, status="rejected")
            case OrderShipped(shipment, lines=lines, complete=complete):
                status = "shipped" if complete else "partly_shipped"
                shipments = {**self.shipments, shipment: lines}
                shipped = _added(self.shipped, lines)
                return replace(self, status=status, shipments=shipments, shipped=shipped)
            case OrderCancelled():
                return replace(self, status="cancelled")
            case OrderReturned(return_id, lines=lines):
                returns = {**self.returns, return_id: lines}
                return replace(self, returns=returns, returned=_added(self.returned, lines))

    def holding(self, lines: tuple[OrderLine, ...]) -> Self:
        none = (0,) * len(lines)
        return replace(self, status="draft", lines=lines, content="", shipped=none, returned=none)


def priced(
    line: int, item: str, quantity: int, unit_price: int, discount_bp: int, cost: int | None
) -> OrderLine:
    """An order line with its amount, rounded half up; `cost` is of one unit."""
    amount = (unit_price * quantity * (WHOLE - discount_bp) + WHOLE // 2) // WHOLE
    whole = None if cost is None else cost * quantity
    return OrderLine(line, item, quantity, unit_price, discount_bp, amount, whole)


def part(line: OrderLine, before: int, quantity: int) -> ShippedLine:
    """The share of `quantity` after `before`, so that all parts sum to the line exactly."""

    def share(total: int) -> int:
        return total * (before + quantity) // line.quantity - total * before // line.quantity

    cost = None if line.cost is None else share(line.cost)
    return ShippedLine(line.line, line.item, quantity, share(line.amount), cost)


def by_item(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Two lines may share an item; its stock is asked once."""
    quantities: dict[str, int] = {}
    for item, quantity in pairs:
        quantities[item] = quantities.get(item, 0) + quantity
    return quantities


def content_of(lines: Iterable[OrderLine]) -> str:
    return sha256("\n".join(repr(astuple(line)) for line in lines).encode()).hexdigest()


def _added(done: tuple[int, ...], lines: Iterable[ShippedLine]) -> tuple[int, ...]:
    more = {line.line: line.quantity for line in lines}
    return tuple(before + more.get(number, 0) for number, before in enumerate(done, 1))


def _same(name: str, before: Iterable[ShippedLine], parts: Mapping[int, int] | None) -> None:
    if parts is not None and parts != {line.line: line.quantity for line in before}:
        raise ReferenceTaken(
            f"{name} was recorded with other lines. Choose another id.",
            f"{name} 已按其他行记录。请换一个编号。",
        )


def _wanted(lines: Iterable[OrderLine]) -> Wanted:
    return tuple((line.item, line.quantity) for line in lines)
