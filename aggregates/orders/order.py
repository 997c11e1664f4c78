"""An order is approved as it stands, ships what it reserved, and its parts sum to its lines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, NamedTuple, Self

from aggregates import Aggregate, Event, Refused, Unknown, again, anew, taken
from aggregates.calendar import format_instant
from aggregates.marks import Money
from aggregates.orders.lines import (
    Difference,
    OrderLine,
    Said,
    ShippedLine,
    added,
    content_of,
    divided,
    other_lines,
    other_parts,
    part,
)

PROMISED = frozenset({"approved", "partly_shipped"})
"""An order in one of these states holds exactly what is open on it."""
REDRAFTED = "draft", "submitted", "rejected"
SHIPPED = "approved", "partly_shipped"
CANCELLED = *REDRAFTED, *SHIPPED
"""What an order may be, so that it can be redrafted, shipped or cancelled."""
WAITING = PROMISED | {"draft", "submitted"}
"""An order in one of these states may hold what is open on it, or less."""


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
    """`split_from` names the order that these lines were the rest of."""

    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    lines: tuple[OrderLine, ...]
    rep: str
    department: str
    region: str
    opportunity: str | None
    split_from: str | None = None

    def recorded_under(self) -> str:
        return "drafted"


class OrderRedrafted(Event):
    """Other lines; what was submitted before is void."""

    lines: tuple[OrderLine, ...]


class OrderSubmitted(Event):
    amount: Money
    content: str


class OrderSplit(Event):
    """`lines` stay in this order, `left` are those of the order `rest`; both sum to it exactly.

    `content` is what was submitted; `kept` is the content of what stays.
    """

    rest: str
    lines: tuple[OrderLine, ...]
    left: tuple[OrderLine, ...]
    content: str
    kept: str

    def recorded_under(self) -> str:
        return "split"


class OrderApproved(Event):
    """Its goods are held for it until they are shipped, or until `hold_until`.

    `settings` is the version that says until when, where nobody did.
    """

    content: str
    approver: str | None
    hold_until: datetime | None = None
    revision: int | None = None
    settings: str | None = None

    @staticmethod
    def under(revision: int | None = None) -> str:
        """The first approval, or one after the goods were let go."""
        return anew("approved", revision)

    def recorded_under(self) -> str:
        return self.under(self.revision)


class OrderReservationLapsed(Event):
    """Nothing was shipped while the goods were held: the order is to be approved anew."""

    hold_until: datetime
    released: tuple[Released, ...]


class OrderApprovalRefused(Event):
    """What was to be approved, by whom, and where it was short: enough to try again later.

    It waits for its goods `wait_until` then, or for as long as it takes.
    """

    refusal: ClassVar[bool] = True
    shortages: tuple[Shortage, ...]
    warehouse: str
    content: str
    approver: str | None
    wait_until: datetime | None = None

    def said(self) -> tuple[str, str]:
        en = "; ".join(f"{s.item}: {s.wanted} wanted, {s.available} there" for s in self.shortages)
        zh = "；".join(f"{s.item}：需要 {s.wanted}，现有 {s.available}" for s in self.shortages)
        return (
            f"{self.warehouse} lacks goods for the order. {en}. It waits, and is approved when"
            " the goods have come; or change its lines, and submit it again.",
            f"{self.warehouse} 的货物不足。{zh}。订单将等待，到货后自动批准；"
            "也可以修改订单行后重新提交。",
        )


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

    def recorded_under(self) -> str:
        return f"shipment:{self.shipment}"


class OrderCancelled(Event):
    reason: str
    released: tuple[Released, ...]

    def recorded_under(self) -> str:
        return "cancelled"


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

    def recorded_under(self) -> str:
        return f"return:{self.return_id}"


class OrderLossCredited(Event, anytime=True):
    """Goods of a shipment never came: their share of the money is the customer's again.

    It is told when the shipment arrives, which may be after what the order did later.
    """

    loss: str
    shipment: str
    customer: str
    customer_kind: str
    warehouse: str
    currency: str
    rep: str
    department: str
    region: str
    lines: tuple[ShippedLine, ...]

    def recorded_under(self) -> str:
        return f"loss:{self.loss}"


OrderEvent = (
    OrderDrafted
    | OrderRedrafted
    | OrderSubmitted
    | OrderSplit
    | OrderApproved
    | OrderReservationLapsed
    | OrderApprovalRefused
    | OrderRejected
    | OrderShipped
    | OrderCancelled
    | OrderReturned
    | OrderLossCredited
)


class ApprovalTerms(NamedTuple):
    """How long an approved order waits for its goods, and how long these are held for it.

    `settings` is the version that says the latter, where nobody did.
    """

    wait_until: datetime | None = None
    hold_until: datetime | None = None
    settings: str | None = None

    def must_lie_ahead(self, at: datetime) -> None:
        """Refuse what has passed."""
        for until in (self.wait_until, self.hold_until):
            if until is not None and until <= at:
                raise AlreadyOver(
                    f"{format_instant(until)} has passed: it is {format_instant(at)}."
                    " Give a later moment, or none.",
                    f"{format_instant(until)} 已过：现在是 {format_instant(at)}。"
                    "请给出更晚的时间，或不填。",
                )


NO_TERMS = ApprovalTerms()


class NotNow(Refused):
    """An order takes one step after the other."""


class ContentChanged(Refused):
    """What is approved is what was read."""


class AlreadyOver(Refused):
    """Nothing waits, or is set aside, until a moment that has passed."""


class BeyondLine(Refused):
    """No more is shipped than ordered, and no more comes back or is lost than was shipped."""


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
    rejected: str = ""  # why, while it is
    shipped: tuple[int, ...] = ()  # line by line
    returned: tuple[int, ...] = ()  # and what was lost on its way
    shipments: Mapping[str, tuple[ShippedLine, ...]] = field(default_factory=dict)
    returns: Mapping[str, tuple[ShippedLine, ...]] = field(default_factory=dict)
    losses: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # by shipment
    hold_until: datetime | None = None
    lapses: int = 0

    def redraft(self, lines: tuple[OrderLine, ...]) -> Iterator[OrderEvent]:
        """Put other lines in; a rejected order is a draft again, whatever its lines."""
        status = self.must_be(*REDRAFTED)
        if lines != self.lines or status == "rejected":
            yield OrderRedrafted(lines)

    def submit(self) -> Iterator[OrderEvent]:
        if self.must_be("draft", "submitted") == "draft":
            yield OrderSubmitted(sum(line.amount for line in self.lines), content_of(self.lines))

    def read(self, content: str | None) -> None:
        """Refuse to approve what is not submitted, or other `content` than the approver read."""
        self.must_be("submitted")
        if content not in (None, self.content):
            raise ContentChanged(
                "The order was changed after you read it. Read it again.",
                "您读取之后订单已被修改。请重新读取。",
            )

    def approve(
        self,
        approver: str | None,
        content: str | None,
        shortages: tuple[Shortage, ...],
        terms: ApprovalTerms = NO_TERMS,
    ) -> Iterator[OrderEvent]:
        self.read(content)
        if shortages:
            stopped = shortages, self.known().warehouse, self.content, approver
            yield OrderApprovalRefused(*stopped, terms.wait_until)
        else:
            revision = again(self.lapses)
            yield OrderApproved(self.content, approver, terms.hold_until, revision, terms.settings)

    @property
    def approval(self) -> str:
        """What the approval is recorded under that stands, or is still to come."""
        return OrderApproved.under(again(self.lapses))

    def lapse(self, at: datetime, held: Mapping[str, int]) -> Iterator[OrderEvent]:
        """Let go what is held, if nothing was shipped for as long as it was to be held."""
        if self.status == "approved" and self.hold_until is not None and self.hold_until <= at:
            released = tuple(Released(*each) for each in held.items())
            yield OrderReservationLapsed(self.hold_until, released)

    def split(self, rest: str, kept: Mapping[int, int]) -> OrderSplit:
        """Keep so many of each line; the rest is to be an order of its own."""
        lines, left = divided(self.lines, kept)
        return OrderSplit(rest, lines, left, self.content, content_of(lines))

    def reject(self, reason: str) -> Iterator[OrderEvent]:
        if self.must_be("submitted", "rejected") == "submitted":
            yield OrderRejected(reason)
        elif reason != self.rejected:
            raise taken([("reason", self.rejected, reason)])

    def ship(self, shipment: str, parts: Mapping[int, int] | None) -> Iterator[OrderEvent]:
        """Ship these quantities of these lines, or all that is open."""
        self.must_be(*SHIPPED)
        ordered = tuple(line.quantity for line in self.lines)
        lines = self._take(self.open if parts is None else parts, self.shipped, ordered)
        complete = added(self.shipped, lines) == ordered
        yield OrderShipped(shipment, *self._stamp(), lines, complete)

    def cancel(self, reason: str, held: Mapping[str, int]) -> Iterator[OrderEvent]:
        """Cancel what is not shipped; what is `held` for it of each item is let go."""
        self.must_be(*CANCELLED)
        yield OrderCancelled(reason, tuple(Released(*each) for each in held.items()))

    def take_back(
        self, return_id: str, parts: Mapping[int, int], reason: str
    ) -> Iterator[OrderEvent]:
        self.known()
        lines = self._take(parts, self.returned, self.shipped)
        yield OrderReturned(return_id, *self._stamp(), lines, reason)

    def credit(self, loss: str, shipment: str, parts: Mapping[int, int]) -> Iterator[OrderEvent]:
        """Credit what was lost of a shipment, once for each piece."""
        sent = {line.line: line.quantity for line in self.sent(shipment)}
        gone = self.losses.get(shipment, (0,) * len(self.lines))
        limit = tuple(sent.get(line.line, 0) for line in self.lines)
        self._take(parts, gone, limit)
        yield OrderLossCredited(
            loss, shipment, *self._stamp(), self._take(parts, self.returned, self.shipped)
        )

    def lose(self, loss: str, shipment: str, item: str, quantity: int) -> Iterator[OrderEvent]:
        """Credit so many of an item of a shipment; what was given back has been credited before."""
        parts: dict[int, int] = {}
        for sent in self.sent(shipment):
            take = min(quantity, self._unpaid(shipment, sent))
            if sent.item == item and take:
                parts[sent.line] = take
                quantity -= take
        if parts:
            yield from self.credit(loss, shipment, parts)

    def sent(self, shipment: str) -> tuple[ShippedLine, ...]:
        self.known()
        if shipment not in self.shipments:
            raise Unknown(
                f"The order has no shipment {shipment}. Check its id.",
                f"订单没有发货单 {shipment}。请检查其编号。",
            )
        return self.shipments[shipment]

    @property
    def returnable(self) -> bool:
        """Whether something was shipped that has not come back."""
        return self.shipped != self.returned

    @property
    def creditable(self) -> bool:
        """Whether something was shipped to somebody else than a dealer that can still be lost."""
        if self.known().customer_kind == "dealer":
            return False
        return any(
            self._unpaid(shipment, sent) > 0
            for shipment, lines in self.shipments.items()
            for sent in lines
        )

    def _unpaid(self, shipment: str, sent: ShippedLine) -> int:
        """How many of a line of a shipment were neither lost nor given back."""
        gone = self.losses.get(shipment, (0,) * len(self.lines))
        line = sent.line - 1
        return min(sent.quantity - gone[line], self.shipped[line] - self.returned[line])

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

    @property
    def dimensions(self) -> Mapping[str, str]:
        order = self.drafted
        if order is None:
            return dict.fromkeys(("department", "region", "owner", "dealer"), "")
        place = {"department": order.department, "region": order.region}
        return {**place, "owner": order.rep, "dealer": order.customer}

    def evolve(self, event: OrderEvent) -> Self:
        match event:
            case OrderDrafted():
                return replace(self, drafted=event).holding(event.lines)
            case OrderRedrafted(lines):
                return self.holding(lines)
            case OrderSubmitted(_, content):
                return replace(self, status="submitted", content=content)
            case OrderSplit(lines=lines, kept=content):
                return replace(self.holding(lines), status="submitted", content=content)
            case OrderApproved(hold_until=hold_until):
                return replace(self, status="approved", hold_until=hold_until)
            case OrderReservationLapsed():
                lapses = self.lapses + 1
                return replace(self, status="submitted", hold_until=None, lapses=lapses)
            case OrderApprovalRefused():
                return self
            case OrderRejected(reason):
                return replace(self, status="rejected", rejected=reason)
            case OrderShipped(shipment, lines=lines, complete=complete):
                status = "shipped" if complete else "partly_shipped"
                shipments = {**self.shipments, shipment: lines}
                shipped = added(self.shipped, lines)
                return replace(self, status=status, shipments=shipments, shipped=shipped)
            case OrderCancelled():
                return replace(self, status="cancelled")
            case OrderReturned(return_id, lines=lines):
                returns = {**self.returns, return_id: lines}
                return replace(self, returns=returns, returned=added(self.returned, lines))
            case OrderLossCredited(_, shipment, lines=lines):
                before = self.losses.get(shipment, (0,) * len(self.lines))
                losses = {**self.losses, shipment: added(before, lines)}
                return replace(self, losses=losses, returned=added(self.returned, lines))

    def holding(self, lines: tuple[OrderLine, ...]) -> Self:
        none = (0,) * len(lines)
        fresh = replace(self, status="draft", lines=lines, content="", rejected="")
        return replace(fresh, shipped=none, returned=none)


def drafted_again(
    before: OrderDrafted, said: Mapping[str, str | None], lines: tuple[Said, ...]
) -> None:
    """Refuse another content under an order's id; what was not said is as it was."""
    refuse_others(before, said, other_lines(before.lines, lines))


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
    asked = {"content": content, "approver": approver, "hold_until": hold_until}
    refuse_others(before, {name: value for name, value in asked.items() if value is not None})
    if split is not None and not partial:
        raise taken([("partial", True, False)])


def parts_again(
    before: OrderShipped | OrderReturned | OrderLossCredited,
    parts: Mapping[int, int] | None,
    **said: str,
) -> None:
    """Refuse other lines, or whatever else was said, under the reference of those."""
    refuse_others(before, said, () if parts is None else other_parts(before.lines, parts))


def refuse_others(before: Event, said: Mapping[str, Any], more: Iterable[Difference] = ()) -> None:
    every = [(name, getattr(before, name), value) for name, value in said.items()]
    if unequal := [*(each for each in every if each[1] != each[2]), *more]:
        raise taken(unequal)
