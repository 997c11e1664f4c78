"""Northwind's files, read into typed lines that refer to each other without a gap."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

from pydantic import Field

from commands import Id, Text
from services.imports.tables import BasisPoints, Broken, Cents, Day, Line, Optional, Whole, read

M = TypeVar("M", bound=Line)
Held = Annotated[Whole, Field(ge=0, le=1_000_000_000)]
Sold = Annotated[Whole, Field(gt=0, le=1_000_000_000)]


class Region(Line):
    region_id: Id
    region_description: Text


class Territory(Line):
    territory_id: Id
    region_id: Id


class EmployeeTerritory(Line):
    employee_id: Id
    territory_id: Id


class Employee(Line):
    employee_id: Id
    first_name: Text
    last_name: Text
    title: Text
    hire_date: Day
    reports_to: Optional[Id]


class Category(Line):
    category_id: Id
    category_name: Text


class Company(Line):
    company_name: Text
    contact_name: Text
    contact_title: Optional[Text]
    city: Optional[Text]
    country: Optional[Text]
    phone: Optional[Text]


class Supplier(Company):
    supplier_id: Id


class Customer(Company):
    customer_id: Id


class Product(Line):
    product_id: Id
    product_name: Text
    supplier_id: Id
    category_id: Id
    quantity_per_unit: Text
    unit_price: Cents
    units_in_stock: Held
    discontinued: bool


class Order(Line):
    order_id: Id
    customer_id: Id
    employee_id: Id
    order_date: Day
    shipped_date: Optional[Day]


class Detail(Line):
    order_id: Id
    product_id: Id
    unit_price: Cents
    quantity: Sold
    discount: BasisPoints


class Northwind(NamedTuple):
    """Every file by its name."""

    region: list[Region]
    territories: list[Territory]
    employee_territories: list[EmployeeTerritory]
    employees: list[Employee]
    categories: list[Category]
    suppliers: list[Supplier]
    customers: list[Customer]
    products: list[Product]
    orders: list[Order]
    order_details: list[Detail]


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
        lines("region", Region),
        lines("territories", Territory),
        lines("employee_territories", EmployeeTerritory),
        lines("employees", Employee),
        lines("categories", Category),
        lines("suppliers", Supplier),
        lines("customers", Customer),
        lines("products", Product),
        lines("orders", Order),
        lines("order_details", Detail),
    )
    # A line that could not be read would be missed everywhere: first things first.
    if problems := problems or [*_doubled(files), *_dangling(files), *_incomplete(files)]:
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


def _incomplete(files: Northwind) -> Iterator[str]:
    placed = {line.employee_id for line in files.employee_territories}
    for employee in files.employees:
        if employee.employee_id not in placed:
            yield _problem("employees", employee, "employee_id", "has no territory")
    lined = {line.order_id for line in files.order_details}
    for order in files.orders:
        if order.order_id not in lined:
            yield _problem("orders", order, "order_id", f"{order.order_id} has no lines")
        if order.shipped_date and order.shipped_date < order.order_date:
            yield _problem("orders", order, "shipped_date", "lies before order_date")


def _problem(name: str, line: Line, column: str, what: str) -> str:
    return f"{name}.csv, line {line.at_line}, column {column}: {what}"
