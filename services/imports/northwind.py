"""Northwind, day by day: after the last shipment, what is on hand is what the files say.

Northwind tells no stock at the start: every product opens with all that the files ship of it
and what they say is left. Orders that were never shipped come up for approval on the last
day, in the files' order: they may only reserve what is left.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aggregates import calendar
from commands import Command
from commands.catalog.product import AddProduct, DiscontinueProduct
from commands.customers.customer import AddContact, RegisterCustomer
from commands.inventory.stock import ReceiveStock
from commands.orders.order import ApproveOrder, DraftOrder, Line, ShipOrder, SubmitOrder
from commands.organisation.rep import HireRep
from services.bootstrap import Platform
from services.faults import words_of
from services.imports import rows
from services.imports.northwind_tables import (
    CompanyLine,
    Detail,
    Northwind,
    NorthwindOrder,
    region_id,
)
from services.imports.northwind_tables import load as read
from services.imports.rows import Progress, Report, Row, silent
from services.imports.tables import Broken

SOURCE = "northwind"
WAREHOUSE = "MAIN"
CURRENCY = "USD"
DEPARTMENT = "sales"


def load(platform: Platform, directory: Path, progress: Progress = silent) -> Report:
    """Import all files of the directory, or raise `Broken` before anything is written."""
    files = read(directory)
    try:
        asked = list(NorthwindHistory(files).rows())
    except ValidationError as error:
        raise Broken([f"{error.title}: {_told(fault)}" for fault in error.errors()]) from error
    report = rows.load(platform, SOURCE, asked, progress, len(asked))
    for region in files.region:
        if region_id(region) != region.region_description:
            report.notes.append(f"region {region.region_description} is {region_id(region)} here")
    return report


def _told(fault: Any) -> str:
    place = ".".join(map(str, fault["loc"]))
    return f"{place} {fault['input']!r}: {words_of(fault)[0]}"


class NorthwindHistory:
    """What happened at Northwind, in order of time."""

    def __init__(self, files: Northwind) -> None:
        self.files = files
        self.lines: dict[str, list[Detail]] = {order.order_id: [] for order in files.orders}
        for detail in files.order_details:
            self.lines[detail.order_id].append(detail)
        days = [order.order_date for order in files.orders]
        shipped = [order.shipped_date for order in files.orders if order.shipped_date]
        self.opening = min(days, default=date(1996, 7, 4)) - timedelta(days=1)
        self.closing = max([*days, *shipped], default=self.opening)

    def rows(self) -> Iterator[Row]:
        first = chain(self.reps(), self.companies(), self.products(), self.stock())
        return chain(first, self.sales(), self.unshipped(), self.discontinued())

    def reps(self) -> Iterator[Row]:
        regions = {each.region_id: region_id(each) for each in self.files.region}
        places = {each.territory_id: regions[each.region_id] for each in self.files.territories}
        covers = reversed(self.files.employee_territories)  # of several, the first line counts
        works = {each.employee_id: places[each.territory_id] for each in covers}
        for each in sorted(self.files.employees, key=lambda each: each.hire_date):
            name = f"{each.first_name} {each.last_name}"
            what = {"name": name, "department": DEPARTMENT, "region": works[each.employee_id]}
            hired = HireRep(
                id=rep(each.employee_id), **what, title=each.title, occurred_at=at(each.hire_date)
            )
            yield f"employees {each.employee_id}", hired

    def companies(self) -> Iterator[Row]:
        """A customer belongs to whoever took its first order, all others to the head of sales."""
        head = next(each.employee_id for each in self.files.employees if not each.reports_to)
        owners = {order.customer_id: order.employee_id for order in reversed(self.files.orders)}
        for supplier in self.files.suppliers:
            yield from self._company("supplier", supplier.supplier_id, supplier, head)
        for customer in self.files.customers:
            owner = owners.get(customer.customer_id, head)
            yield from self._company("retailer", customer.customer_id, customer, owner)

    def _company(self, kind: Any, key: str, company: CompanyLine, owner: str) -> Iterator[Row]:
        name = supplier_id(key) if kind == "supplier" else key
        when = at(self.opening)
        yield (
            f"{kind} {key}",
            RegisterCustomer(
                id=name,
                name=company.company_name,
                customer_kind=kind,
                owner=rep(owner),
                city=company.city,
                country=company.country,
                source=SOURCE,
                occurred_at=when,
            ),
        )
        yield (
            f"{kind} {key} contact",
            AddContact(
                id=name,
                contact="main",
                name=company.contact_name,
                title=company.contact_title,
                phone=company.phone,
                occurred_at=when,
            ),
        )

    def products(self) -> Iterator[Row]:
        categories = {each.category_id: each.category_name for each in self.files.categories}
        for each in self.files.products:
            added = AddProduct(
                id=product(each.product_id),
                name=each.product_name,
                category=categories[each.category_id],
                unit=each.quantity_per_unit,
                supplier=supplier_id(each.supplier_id),
                list_price=each.unit_price,
                currency=CURRENCY,
                occurred_at=at(self.opening),
            )
            yield f"products {each.product_id}", added

    def stock(self) -> Iterator[Row]:
        for key, quantity in self.files.opening().items():
            if quantity:
                opening = {
                    "location": WAREHOUSE,
                    "item": product(key),
                    "quantity": quantity,
                    "reason": "opening",
                    "reference": "opening",
                    "occurred_at": at(self.opening),
                }
                yield f"products {key} opening", ReceiveStock.model_validate(opening)

    def sales(self) -> Iterator[Row]:
        """Of one day, first what was ordered, then what left."""
        ordered = [(order.order_date, 0, n, order) for n, order in enumerate(self.files.orders)]
        shipped = [(o.shipped_date, 1, n, o) for _, _, n, o in ordered if o.shipped_date]
        for day, leaves, _, order in sorted([*ordered, *shipped]):
            yield from self._ship(order, day) if leaves else self._take(order)

    def _take(self, order: NorthwindOrder) -> Iterator[Row]:
        key, when = f"orders {order.order_id}", at(order.order_date)
        drafted = DraftOrder(
            id=order.order_id,
            customer=order.customer_id,
            warehouse=WAREHOUSE,
            lines=tuple(_line(detail) for detail in self.lines[order.order_id]),
            rep=rep(order.employee_id),
            occurred_at=when,
        )
        yield f"{key} draft", drafted
        yield f"{key} submit", SubmitOrder(id=order.order_id, occurred_at=when)
        if order.shipped_date:
            yield f"{key} approve", ApproveOrder(id=order.order_id, occurred_at=when)

    def _ship(self, order: NorthwindOrder, day: date) -> Iterator[Row]:
        shipped = ShipOrder(id=order.order_id, shipment=order.order_id, occurred_at=at(day))
        yield f"orders {order.order_id} ship", shipped

    def unshipped(self) -> Iterator[Row]:
        for order in self.files.orders:
            if not order.shipped_date:
                approved = ApproveOrder(id=order.order_id, occurred_at=at(self.closing))
                yield f"orders {order.order_id} approve", approved

    def discontinued(self) -> Iterator[Row]:
        for each in self.files.products:
            if each.discontinued:
                reason, when = "discontinued in the catalogue", at(self.closing)
                command: Command = DiscontinueProduct(
                    id=product(each.product_id), reason=reason, occurred_at=when
                )
                yield f"products {each.product_id} discontinued", command


def _line(detail: Detail) -> Line:
    return Line(
        item=product(detail.product_id),
        quantity=detail.quantity,
        unit_price=detail.unit_price,
        discount_bp=detail.discount,
    )


def at(day: date) -> datetime:
    """The files know days, not hours: eight in the morning where the company is."""
    return calendar.moment(day, time(8))


def rep(key: str) -> str:
    return f"EMP-{key}"


def product(key: str) -> str:
    return f"NW-{key}"


def supplier_id(key: str) -> str:
    return f"SUP-{key}"
