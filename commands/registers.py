"""What a command names must be there: one way to look it up, for every kind.

Each process says once, when it starts, whether names are looked up: a company whose history is
entered before its registers are takes them as they come.
"""

from collections.abc import Callable, Mapping
from typing import Any

from aggregates import Aggregate, Refused, Unknown, plain
from aggregates.catalog.product import Product
from aggregates.channel.agreement import Agreement
from aggregates.customers.customer import Customer
from aggregates.fieldwork.appointment import Appointment
from aggregates.inventory.lot import ProductLot
from aggregates.inventory.stock import Held
from aggregates.inventory.warehouse import Warehouse
from aggregates.loyalty.member import Member
from aggregates.operations.register import Register, TooAlike
from aggregates.opportunities.opportunity import Opportunity
from aggregates.orders.order import SalesOrder
from aggregates.organisation.position import Position
from aggregates.organisation.rep import Rep
from aggregates.plain import Plain
from aggregates.receivables.invoice import Invoice
from commands import Load


class _Registers:
    """Whether names are looked up: once for the whole process."""

    checked = False


class NoDealer(Refused):
    """Only a dealer sells out."""


def use(*, checked: bool) -> None:
    """Look names up, or take them as they come."""
    _Registers.checked = checked


def checked() -> bool:
    """Whether what is named must be there."""
    return _Registers.checked


def item(load: Load, id: str) -> None:
    """Refuse goods that are no product."""
    _look_up(load, Product, id)


def member(load: Load, id: str | None) -> None:
    """Refuse a member who is not enrolled."""
    if id is not None:
        _look_up(load, Member, id)


def order(load: Load, id: str | None) -> None:
    """Refuse an order that was never drafted."""
    if _Registers.checked and id is not None:
        _look_up(load, SalesOrder, id)


def opportunity(load: Load, id: str | None) -> None:
    """Refuse an opportunity that was never opened."""
    if _Registers.checked and id is not None:
        _look_up(load, Opportunity, id)


def appointment(load: Load, id: str | None) -> None:
    """Refuse an appointment that was never planned."""
    if id is not None:
        _look_up(load, Appointment, id)


def customer(load: Load, id: str | None) -> None:
    """Refuse a customer, or a supplier, who is not registered."""
    if id is not None:
        _look_up(load, Customer, id)


def _look_up(load: Load, kind: type[Aggregate], id: str) -> None:
    """Refuse what was withdrawn, and where names are looked up what there never was."""
    if _Registers.checked:
        found(load, kind, id)
    else:
        not_withdrawn(load(kind, id), id)


def found(load: Load, kind: type[Aggregate], id: str) -> Any:
    """What a command cannot do without; what there is not is refused by its name."""
    state: Any = load(kind, id)
    not_withdrawn(state, id)
    if not state.exists:
        raise _unknown(*NOUNS[kind], id)
    return state


def not_withdrawn(state: Any, id: str) -> None:
    """Refuse to name what was entered by mistake, whether or not names are looked up."""
    if state.gone:
        raise Unknown(
            f"{id} was withdrawn ({state.withdrawn}). Name another, or enter it anew.",
            f"{id} 已撤回（{state.withdrawn}）。请指定其他项，或重新登记。",
        )


def person(load: Load, id: str) -> None:
    """Refuse whoever does not work here."""
    load(Rep, id).takes_part(id)


def dealer(load: Load, id: str | None) -> None:
    """Refuse whoever is no registered dealer."""
    customer(load, id)
    if _Registers.checked and id is not None and load(Customer, id).customer_kind != "dealer":
        raise NoDealer(
            f"{id} is no dealer. Name a customer that is registered as a dealer.",
            f"{id} 不是经销商。请指定登记为经销商的客户。",
        )


def holder_at(load: Load, location: str) -> Held:
    """Who holds the goods there by the registers: a dealer, or a warehouse; None where no
    warehouse was ever registered, so that no register says.

    Raises `Unknown` for a place that no register knows, and `TooAlike` for one that is spelt
    with other capitals.
    """
    at: Customer = load(Customer, location)
    if at.customer_kind == "dealer":
        return "dealer"
    for state in (at, load(Warehouse, location)):
        not_withdrawn(state, location)
    register: Register = load(Register, Warehouse.plural)
    if register.ids or _Registers.checked:
        for other in {location.upper(), location.lower()} - {location}:
            if load(Customer, other).customer_kind == "dealer":
                raise TooAlike(
                    f"{location} is registered as the dealer {other}. Write {other}.",
                    f"{location} 登记为经销商 {other}。请写 {other}。",
                )
    register.must_hold(location)
    return "warehouse" if register.ids else None


def kept_at(load: Load, location: str, id: str) -> None:
    """Refuse to keep goods that are no product, or where no register knows a place."""
    item(load, id)
    holder_at(load, location)


def takes_in(load: Load, location: str) -> None:
    """Refuse to bring goods into a closed warehouse."""
    load(Warehouse, location).used(location)


def listed(load: Load, kind: type[Plain[Any]], id: str | None) -> None:
    """Refuse what the register of a plain kind does not hold, once it holds any."""
    if id is None:
        return
    register: Register = load(Register, kind.plural)
    state: Plain[Any] = load(kind, id)
    not_withdrawn(state, id)
    if register.ids:
        register.must_hold(id)
        state.used(id)


def there(load: Load, kind: str, id: str) -> None:
    """Refuse what does not exist, or is closed, whatever its kind."""
    found = plain.of(kind)
    if found is None:
        CHECKS[kind](load, id)
        return
    state: Plain[Any] = load(found, id)
    not_withdrawn(state, id)
    if state.now is None:
        raise _unknown(*state.noun, *REGISTER, id)
    state.used(id)


def knows(kind: str | None) -> bool:
    """Whether `there` can be asked about things of that kind; None is no kind at all."""
    return kind is None or kind in CHECKS or plain.of(kind) is not None


CHECKS: Mapping[str, Callable[[Load, str], None]] = {
    "product": item,
    "member": member,
    "order": order,
    "opportunity": opportunity,
    "customer": customer,
    "rep": person,
}


REGISTER = "Register it first", "请先登记"
NOUNS: Mapping[type[Aggregate], tuple[str, str, str, str]] = {
    Product: ("product", "产品", "Add it first", "请先添加"),
    ProductLot: ("lot", "批次", "Receive it first", "请先收货"),
    Member: ("member", "会员", "Enrol the member first", "请先办理入会"),
    SalesOrder: ("order", "订单", "Draft it first", "请先起草"),
    Opportunity: ("opportunity", "商机", "Open it first", "请先创建"),
    Appointment: ("appointment", "日程", "Plan it first", "请先安排"),
    Customer: ("customer", "客户", *REGISTER),
    Invoice: ("invoice", "发票", "Issue it first", "请先开具"),
    Rep: ("representative", "业务代表", "Hire the representative first", "请先办理入职"),
    Agreement: ("agreement", "协议", "Draft it first", "请先起草"),
    Position: (*Position.noun, *REGISTER),
}
"""What people call what may be named, and what is done so that it is there."""


def _unknown(kind: str, zh: str, en_do: str, zh_do: str, id: str) -> Unknown:
    return Unknown(
        f"There is no {kind} {id}. {en_do}, or check its id.",
        f"没有{zh} {id}。{zh_do}，或检查其编号。",
    )
