"""Northwind agrees to the unit with figures that are computed from its files alone."""

import csv
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from pace import limit

from aggregates.inventory.stock import Stock
from aggregates.orders.order import OrderApprovalRefused, OrderShipped
from aggregates.organisation.rep import RepHired
from projections.inventory import dealer_stock
from projections.targets import rankings
from services.bootstrap import Platform
from services.imports import northwind
from services.imports.tables import Broken

ROOT = Path(__file__).parents[2]
FILES = ROOT.parent / "shared" / "data" / "northwind"
pytestmark = pytest.mark.skipif(not FILES.exists(), reason=f"Northwind's files are not in {FILES}")

FULLER = "http://accweb/emmployees/fuller"
"""What follows whom the head of sales reports to."""
Sums = dict[str, tuple[int, int]]
"""Amount in cents and quantity, by subject."""


def lines(name: str) -> list[dict[str, str]]:
    with (FILES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def amount(line: dict[str, str]) -> int:
    gross = Decimal(line["unit_price"]) * int(line["quantity"]) * 100
    net = gross * (1 - Decimal(line["discount"]))
    return int(net.quantize(Decimal(1), ROUND_HALF_UP))


def sales() -> dict[str, Sums]:
    """What the files say was shipped, by customer, employee and product."""
    orders = {order["order_id"]: order for order in lines("orders")}
    result: dict[str, dict[str, tuple[int, int]]] = defaultdict(lambda: defaultdict(lambda: (0, 0)))
    for line in lines("order_details"):
        order = orders[line["order_id"]]
        if not order["shipped_date"]:
            continue
        subjects = {
            "customers": order["customer_id"],
            "reps": f"EMP-{order['employee_id']}",
            "products": f"NW-{line['product_id']}",
        }
        for board, subject in subjects.items():
            cents, quantity = result[board][subject]
            result[board][subject] = cents + amount(line), quantity + int(line["quantity"])
    return {board: dict(sums) for board, sums in result.items()}


def left() -> dict[str, tuple[int, int]]:
    """On hand and reserved by product: each unshipped order in turn gets all it wants, or none."""
    stock = {f"NW-{p['product_id']}": int(p["units_in_stock"]) for p in lines("products")}
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    for line in lines("order_details"):
        wanted[line["order_id"]][f"NW-{line['product_id']}"] += int(line["quantity"])
    held: Counter[str] = Counter()
    for order in lines("orders"):
        asks = wanted[order["order_id"]]
        if not order["shipped_date"] and all(stock[i] - held[i] >= q for i, q in asks.items()):
            held += asks
    return {item: (on_hand, held[item]) for item, on_hand in stock.items()}


@pytest.fixture(scope="module")
def imported(found, tmp_path_factory: pytest.TempPathFactory) -> Platform:
    platform: Platform = found(tmp_path_factory.mktemp("northwind"))
    report = northwind.load(platform, FILES)
    assert {row.rule for row in report.refused} == {OrderApprovalRefused.__name__}
    return platform


@pytest.mark.capability("PL-10")
def test_each_product_is_left_with_what_the_files_say(imported: Platform, folded) -> None:
    stocks: dict[str, Stock] = defaultdict(Stock)
    for stream, _, event in folded(imported):
        if stream.startswith("stock-"):
            stocks[Stock.parts(stream)[1]] = stocks[Stock.parts(stream)[1]].fold(event)
    expected = {item: figures for item, figures in left().items() if item in stocks}
    assert {item: (s.on_hand, s.reserved) for item, s in stocks.items()} == expected
    assert all(left()[item] == (0, 0) for item in left().keys() - stocks.keys())


def test_what_was_shipped_agrees_by_customer_employee_and_product(
    imported: Platform, folded
) -> None:
    found: dict[str, Any] = defaultdict(lambda: defaultdict(lambda: (0, 0)))
    for _, _, event in folded(imported):
        for line in event.lines if isinstance(event, OrderShipped) else ():
            subjects = {"customers": event.customer, "reps": event.rep, "products": line.item}
            for board, subject in subjects.items():
                cents, quantity = found[board][subject]
                found[board][subject] = cents + line.amount, quantity + line.quantity
    assert found == sales()


def test_the_rankings_agree_with_the_files(imported: Platform, followed) -> None:
    with followed(imported).database.read() as connection:
        for board, expected in sales().items():
            rows = rankings.top(connection, board, "amount", limit=1_000)
            found = {row["subject"]: (row["amount"], row["quantity"]) for row in rows}
            assert {key: sums for key, sums in found.items() if any(sums)} == expected


def test_the_stock_view_agrees_with_the_files(imported: Platform, followed) -> None:
    with followed(imported).database.read() as connection:
        rows = dealer_stock.read(connection, today=10_000, limit=1_000)
    found = {row["item"]: (row["on_hand"], row["reserved"]) for row in rows}
    assert found == {item: figures for item, figures in left().items() if item in found}
    assert len(found) >= 70


def test_events_come_in_order_of_time(imported: Platform, folded) -> None:
    times = [recorded.occurred_at for _, recorded, _ in folded(imported)]
    assert times == sorted(times)


def test_the_same_files_twice_change_nothing(imported: Platform, facts) -> None:
    before = facts(imported)
    report = northwind.load(imported, FILES)
    assert (report.accepted, report.events, report.position) == (0, 0, len(before))
    assert facts(imported) == before


def test_killed_half_way_and_run_again_is_as_if_never_killed(
    imported: Platform, found, facts, tmp_path: Path
) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path;"
        "from infra.settings import Settings; from services.bootstrap import platform;"
        "from services.imports import northwind;"
        "one = platform(Settings(data=Path(sys.argv[1]))); one.prepare();"
        "stop = lambda done, _: done >= 1500 and os.kill(os.getpid(), signal.SIGKILL);"
        "northwind.load(one, Path(sys.argv[2]), stop)"
    )
    run = [sys.executable, "-c", program, str(tmp_path), str(FILES)]
    killed = subprocess.run(run, cwd=ROOT, env={**os.environ}, timeout=limit(120), check=False)
    assert killed.returncode == -signal.SIGKILL
    again = found(tmp_path)
    assert 0 < len(facts(again)) < len(facts(imported))
    report = northwind.load(again, FILES)
    assert report.repeated == 1500
    assert facts(again) == facts(imported)


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FILES, tmp_path / "files"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_fault_is_named_at_once_and_nothing_is_written(
    found, damaged: Path, tmp_path: Path, facts
) -> None:
    replace(damaged / "order_details.csv", "10248,11,14,12,0", "10248,11,fourteen,0,0")
    replace(damaged / "orders.csv", "1996-07-04", "4 July")
    replace(damaged / "products.csv", "units_in_stock", "stock")
    (damaged / "suppliers.csv").unlink()
    raw = (damaged / "customers.csv").read_bytes()
    (damaged / "customers.csv").write_bytes(raw.replace("ü".encode(), b"\xfc", 1))
    platform = found(tmp_path / "log")
    with pytest.raises(Broken) as broken:
        northwind.load(platform, damaged)
    told = str(broken.value)
    assert "order_details.csv, line 2, column unit_price: 'fourteen'" in told
    assert "order_details.csv, line 2, column quantity: '0'" in told
    assert "orders.csv, line 2, column order_date: '4 July'" in told
    assert "products.csv, line 1: no column units_in_stock" in told
    assert "suppliers.csv: cannot be read" in told
    assert "customers.csv, line" in told
    assert "not UTF-8" in told
    assert facts(platform) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("orders.csv", "10248,VINET", "10248,NOONE", "orders.csv, line 2, column customer_id"),
        ("orders.csv", "10249,TOMSP", "10248,TOMSP", "orders.csv, line 3, column order_id"),
        ("orders.csv", "1996-07-16", "1996-07-01", "shipped_date: lies before order_date"),
        ("order_details.csv", "10248,11,", "10248,11,7,", "line 2: 6 columns, not 5"),
        ("order_details.csv", "10248,11,14,12,0", "10248,11,14,12,1.5", "column discount: '1.5'"),
        ("employee_territories.csv", "1,06897", "2,06897", ""),
        ("order_details.csv", "10248,42,", "10248,11,", "10248 with 11 is in line 2 already"),
        ("order_details.csv", "10248,11,14,", "10248,11,1e30,", "unit_price: '1e30': write a num"),
        ("order_details.csv", "10248,11,14,12", "10248,11,14,1_2", "write a whole number"),
        ("products.csv", ",39,", ",999999999,", "units_in_stock: 1000000787 with all"),
        ("orders.csv", "1996-07-04", "19960704", "order_date: '19960704': Write a day as"),
        ("orders.csv", "1996-07-04", "0001-01-01", "0001-01-01 is out of range"),
        ("employees.csv", f",,{FULLER}", f",5,{FULLER}", "someone must be at the head"),
        ("employees.csv", "Nancy", "N" * 150, "column first_name: .* at most 99 characters"),
        ("order_details.csv", "10248,11,14,12,0", '10248,11,14,12,"0', "order_details.csv, line"),
    ],
)
def test_a_fault_is_found_where_it_is(
    damaged: Path, file: str, old: str, new: str, told: str
) -> None:
    replace(damaged / file, old, new)
    if not told:
        northwind.read(damaged)
        return
    with pytest.raises(Broken, match=told.replace(".csv", r"\.csv")):
        northwind.read(damaged)


@pytest.mark.parametrize(("name", "id"), [("华东", "region-1"), ("North East", "North-East-1")])
def test_a_region_whose_name_is_no_id_gets_one_and_is_told(
    found, damaged: Path, tmp_path: Path, folded, name: str, id: str
) -> None:
    replace(damaged / "region.csv", "1,Eastern", f"1,{name}")
    platform = found(tmp_path / "log")
    report = northwind.load(platform, damaged)
    assert f"  note: region {name} is {id} here" in str(report).splitlines()
    regions = {event.region for _, _, event in folded(platform) if isinstance(event, RepHired)}
    assert regions == {id, "Western", "Northern", "Southern"}


def test_two_regions_are_never_one(damaged: Path) -> None:
    replace(damaged / "region.csv", "1,Eastern", "1,华东")
    replace(damaged / "region.csv", "2,Western", "2,region-1")
    with pytest.raises(Broken, match="region-1 and 华东 would both be the region region-1"):
        northwind.read(damaged)
