"""Northwind's files, read into typed lines that refer to each other without a gap."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

from pydantic import Field, StringConstraints

from commands import Text
from services.imports.tables import (
    LONGEST_KEY,
    BasisPoints,
    Broken,
    Cents,
    Day,
    Key,
    Optional,
    TableLine,
    Whole,
    read,
)

M = TypeVar("M", bound=TableLine)
AN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
MOST = 1_000_000_000
"""Units that one movement of goods may have."""
MOST_LINES = 500
"""Lines that one order may have."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=99, strip_whitespace=True)]
Held = Annotated[Whole, Field(ge=0, le=MOST)]
Sold = Annotated[Whole, Field(gt=0, le=MOST)]


class RegionLine(TableLine):
    region_id: Key
    region_description: Text


class Territory(TableLine):
    territory_id: Key
    region_id: Key


class EmployeeTerritory(TableLine):
    employee_id: Key
    territory_id: Key


class Employee(TableLine):
    employee_id: Key
    first_name: Name
    last_name: Name
    title: Text
    hire_date: Day
    reports_to: Optional[Key]


class CategoryLine(TableLine):
    category_id: Key
    category_name: Text


class CompanyLine(TableLine):
    company_name: Text
    contact_name: Text
    contact_title: Optional[Text]
    city: Optional[Text]
    country: Optional[Text]
    phone: Optional[Text]


class Supplier(CompanyLine):
    supplier_id: Key


class CustomerLine(CompanyLine):
    customer_id: Key


class ProductTableLine(TableLine):
    product_id: Key
    product_name: Text
    supplier_id: Key
    category_id: Key
    quantity_per_unit: Text
    unit_price: Cents
    units_in_stock: Held
    discontinued: bool


class NorthwindOrder(TableLine):
    order_id: Key
    customer_id: Key
    employee_id: Key
    order_date: Day
    shipped_date: Optional[Day]


class Detail(TableLine):
    order_id: Key
    product_id: Key
    unit_price: Cents
    quantity: Sold
    discount: BasisPoints


class Northwind(NamedTuple):
    """Every file by its name."""

    region: list[RegionLine]
    territories: list[Territory]
    employee_territories: list[EmployeeTerritory]
    employees: list[Employee]
    categories: list[CategoryLine]
    suppliers: list[Supplier]
    customers: list[CustomerLine]
    products: list[ProductTableLine]
    orders: list[NorthwindOrder]
    order_details: list[Detail]

    def opening(self) -> Counter[str]:
        """What each product has at the start: what is left of it, and all that was shipped."""
        units = Counter({each.product_id: each.units_in_stock for each in self.products})
        shipped = {order.order_id for order in self.orders if order.shipped_date}
        for line in self.order_details:
            if line.order_id in shipped:
                units[line.product_id] += line.quantity
        return units


KEYS = {
    "region": "region_id",
    "territories": "territory_id",
    "employees": "employee_id",
    "categories": "category_id",
    "suppliers": "supplier_id",
    "customers": "customer_id",
    "products": "product_id",
    "orders": "order_id",
}
PAIRS = {
    "employee_territories": ("employee_id", "territory_id"),
    "order_details": ("order_id", "product_id"),
}
"""Columns that together occur once: a line that is doubled is a mistake."""
REFERENCES = (
    ("territories", "region_id", "region"),
    ("employee_territories", "employee_id", "employees"),
    ("employee_territories", "territory_id", "territories"),
    ("employees", "reports_to", "employees"),
    ("products", "supplier_id", "suppliers"),
    ("products", "category_id", "categories"),
    ("orders", "customer_id", "customers"),
    ("orders", "employee_id", "employees"),
    ("order_details", "order_id", "orders"),
    ("order_details", "product_id", "products"),
)


def load(directory: Path) -> Northwind:
    """All files, or `Broken` with everything that is wrong with any of them."""
    problems: list[str] = []

    def lines(name: str, model: type[M]) -> list[M]:
        return read(directory / f"{name}.csv", model, problems)

    files = Northwind(
        lines("region", RegionLine),
        lines("territories", Territory),
        lines("employee_territories", EmployeeTerritory),
        lines("employees", Employee),
        lines("categories", CategoryLine),
        lines("suppliers", Supplier),
        lines("customers", CustomerLine),
        lines("products", ProductTableLine),
        lines("orders", NorthwindOrder),
        lines("order_details", Detail),
    )
    # A line that could not be read would be missed everywhere: first things first.
    checks = _doubled, _paired, _dangling, _incomplete, _beyond, _alike
    if problems := problems or [what for check in checks for what in check(files)]:
        raise Broken(problems)
    return files


def _doubled(files: Northwind) -> Iterator[str]:
    for name, column in KEYS.items():
        seen: set[str] = set()
        for line in getattr(files, name):
            if (value := getattr(line, column)) in seen:
                yield _problem(name, line, column, f"{value} occurs twice")
            seen.add(value)


def _dangling(files: Northwind) -> Iterator[str]:
    for name, column, target in REFERENCES:
        known = {getattr(line, KEYS[target]) for line in getattr(files, target)}
        for line in getattr(files, name):
            if (value := getattr(line, column)) is not None and value not in known:
                yield _problem(name, line, column, f"{value} is not in {target}.csv")


def _paired(files: Northwind) -> Iterator[str]:
    for name, (column, other) in PAIRS.items():
        first: dict[tuple[str, str], int] = {}
        for line in getattr(files, name):
            pair = getattr(line, column), getattr(line, other)
            if pair in first:
                what = f"{pair[0]} with {pair[1]} is in line {first[pair]} already; leave out one"
                yield _problem(name, line, other, f"{what}, or add up what both say")
            first.setdefault(pair, line.at_line)


def _incomplete(files: Northwind) -> Iterator[str]:
    placed = {line.employee_id for line in files.employee_territories}
    for employee in files.employees:
        if employee.employee_id not in placed:
            yield _problem("employees", employee, "employee_id", "has no territory")
    if all(employee.reports_to for employee in files.employees):
        yield "employees.csv, column reports_to: empty for nobody: someone must be at the head"
    lined = Counter(line.order_id for line in files.order_details)
    for order in files.orders:
        if not lined[order.order_id]:
            yield _problem("orders", order, "order_id", f"{order.order_id} has no lines")
        if lined[order.order_id] > MOST_LINES:
            what = f"{order.order_id} has {lined[order.order_id]} lines, and may have {MOST_LINES}"
            yield _problem("orders", order, "order_id", what)
        if order.shipped_date and order.shipped_date < order.order_date:
            yield _problem("orders", order, "shipped_date", "lies before order_date")


def _beyond(files: Northwind) -> Iterator[str]:
    """A product opens with what is left of it and all that was shipped."""
    opening = files.opening()
    for line in files.products:
        if (units := opening[line.product_id]) > MOST:
            what = f"{units} with all that was shipped, and at most {MOST} can be taken in at once"
            yield _problem("products", line, "units_in_stock", what)


def _alike(files: Northwind) -> Iterator[str]:
    names: dict[str, str] = {}
    for line in files.region:
        called, name = region_id(line), line.region_description
        if names.setdefault(called, name) != name:
            what = f"{name} and {names[called]} would both be the region {called}: rename one"
            yield _problem("region", line, "region_description", what)


def region_id(region: RegionLine) -> str:
    """Its name, where that can be an id; else what of the name can be one, and its number."""
    name = region.region_description
    if len(name) <= LONGEST_KEY and AN_ID.fullmatch(name):
        return name
    rest = UNFIT.sub("-", name).strip("-._")[:30]
    return f"{rest or 'region'}-{region.region_id}"[:64]


def _problem(name: str, line: TableLine, column: str, what: str) -> str:
    return f"{name}.csv, line {line.at_line}, column {column}: {what}"
