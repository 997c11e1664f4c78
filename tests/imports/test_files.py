"""A file is checked whole before it is asked for, and the same file twice changes nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from imports.filing import commands, csv_of, imported
from pace import limit

from commands.orders.order import DraftOrder
from services.bootstrap import Platform
from services.imports.sources import Spec

ROOT = Path(__file__).parents[2]
REPS = Spec("hire-rep", constants={"region": "east"})
HEAD = ["id", "name", "department"]


@pytest.fixture
def platform(found, tmp_path: Path) -> Platform:
    return found(tmp_path)


def hire(*ids: str, name: str = "Li") -> bytes:
    return csv_of(HEAD, *([one, name, "sales"] for one in ids))


@pytest.mark.capability("PL-10")
def test_each_row_is_one_command_and_the_same_file_twice_changes_nothing(
    platform: Platform, facts
) -> None:
    first, _ = imported(platform, hire("r1", "r2"), REPS)
    before = facts(platform)
    again, _ = imported(platform, hire("r1", "r2"), REPS)
    assert (first.accepted, first.events) == (2, 2)
    assert (again.accepted, again.repeated, again.events) == (0, 2, 0)
    assert facts(platform) == before


def test_all_bad_rows_are_named_and_none_is_taken(platform: Platform, facts) -> None:
    content = csv_of(HEAD, ["r1", "Li", "sales"], ["r 2", "", "sales"], ["r3", "Wu"])
    result, refused = imported(platform, content, REPS)
    told = [(fault.row, fault.column, fault.value) for fault in result.faults]
    assert told == [(3, "id", "r 2"), (3, "name", ""), (4, "", "")]
    assert [cells[0] for cells, _, _ in refused] == ["r 2", "r3"]
    assert "name: Field required" in refused[0][2]
    assert facts(platform) == []


def test_the_good_rows_are_taken_where_that_is_wanted(platform: Platform) -> None:
    content = csv_of(HEAD, ["r1", "Li", "sales"], ["r 2", "Wu", "sales"])
    spec = Spec("hire-rep", constants={"region": "east"}, partial=True)
    result, _ = imported(platform, content, spec)
    assert (result.accepted, result.invalid) == (1, 1)


def test_refused_rows_come_back_and_can_be_corrected(platform: Platform) -> None:
    imported(platform, hire("r1"), REPS)
    spec = Spec("dismiss-rep", constants={"reason": "left"})
    result, refused = imported(platform, csv_of(["id"], ["r1"], ["r2"]), spec)
    assert (result.accepted, result.refused) == (1, 1)
    assert refused[0][:2] == (["r2"], "Unknown")
    imported(platform, hire("r2"), REPS)
    mended, _ = imported(platform, csv_of(["id"], ["r1"], ["r2"]), spec)
    assert (mended.accepted, mended.repeated, mended.refused) == (1, 1, 0)


def test_a_corrected_file_under_the_same_name_asks_for_the_corrected_rows_alone(
    platform: Platform,
) -> None:
    prices = Spec("reprice-product")
    product = csv_of(
        ["id", "name", "category", "unit", "list_price", "currency"],
        *([one, "Tea", "Drinks", "box", "100", "CNY"] for one in ("p1", "p2")),
    )
    imported(platform, product, Spec("add-product"))
    imported(platform, csv_of(["id", "cost"], ["p1", "50"], ["p2", "60"]), prices)
    result, _ = imported(
        platform, csv_of(["id", "cost"], ["p0", "1"], ["p1", "50"], ["p2", "61"]), prices
    )
    assert (result.accepted, result.repeated, result.refused) == (1, 1, 1)


def test_what_must_be_new_is_refused_where_it_exists(platform: Platform) -> None:
    imported(platform, hire("r1"), REPS)
    spec = Spec("hire-rep", constants={"region": "east"}, expected="new")
    result, refused = imported(platform, hire("r1", "r2", name="Wu"), spec)
    assert (result.accepted, [rule for _, rule, _ in refused]) == (1, ["VersionMismatch"])


def test_an_empty_cell_is_left_out_and_null_clears(platform: Platform) -> None:
    content = csv_of(["id", "name", "title"], ["r1", "", "<null>"], ["r2", "Wu", ""])
    first, second = commands(content, Spec("change-rep-details"))
    assert first.told("name", "title") == {"title": None}
    assert second.told("name", "title") == {"name": "Wu"}


def test_rows_of_one_order_are_its_lines() -> None:
    content = csv_of(
        ["id", "customer", "warehouse", "lines.item", "lines.quantity"],
        ["O-1", "C-1", "MAIN", "P-1", "2"],
        ["O-1", "C-1", "MAIN", "P-2", "1,200"],
        ["", "", "", "P-3", "3"],
        ["O-2", "C-1", "MAIN", "P-1", "1"],
    )
    orders = commands(content, Spec("draft-order"))
    lines = [[(line.item, line.quantity) for line in order.lines] for order in orders]
    assert lines == [[("P-1", 2), ("P-2", 1200), ("P-3", 3)], [("P-1", 1)]]


def test_lines_may_be_json_in_one_cell() -> None:
    content = csv_of(
        ["id", "customer", "warehouse", "lines"],
        ["O-1", "C-1", "MAIN", '[{"item": "P-1", "quantity": 2}]'],
    )
    (order,) = commands(content, Spec("draft-order"))
    assert isinstance(order, DraftOrder)
    assert order.lines[0].quantity == 2


def test_a_bad_line_is_told_in_its_own_row(platform: Platform) -> None:
    content = csv_of(
        ["id", "customer", "warehouse", "lines.item", "lines.quantity"],
        ["O-1", "C-1", "MAIN", "P-1", "2"],
        ["O-1", "C-1", "MAIN", "P-2", "0"],
        ["O-1", "C-2", "MAIN", "P-2", "1"],
    )
    result, refused = imported(platform, content, Spec("draft-order"))
    assert [(fault.row, fault.column) for fault in result.faults] == [
        (3, "lines.quantity"),
        (4, "customer"),
    ]
    assert len(refused) == 3  # all rows of both, so that they can be sent again


def test_amounts_are_in_minor_units_unless_major_ones_are_told() -> None:
    head = ["id", "name", "category", "unit", "list_price", "currency"]
    row = ["p1", "Tea", "Drinks", "box"]
    content = csv_of(head, [*row, "1850", "CNY"])
    assert commands(content, Spec("add-product"))[0].list_price == 1850
    content = csv_of(head, [*row, "18.50", "CNY"], [*row, "1850", "JPY"])
    major = commands(content, Spec("add-product", money="major"))
    assert [product.list_price for product in major] == [1850, 1850]
    content = csv_of(["id", "list_price"], ["p1", "18.5"])
    assert commands(content, Spec("reprice-product", money="CNY"))[0].list_price == 1850


def test_a_date_that_comes_too_early_is_flagged_where_that_is_wanted() -> None:
    (hired,) = commands(hire("r1"), Spec("hire-rep", constants={"region": "e"}, dates="flag"))
    assert hired.dates == "flag"


def test_killed_half_way_and_run_again_is_as_if_never_killed(found, tmp_path: Path, facts) -> None:
    content = hire(*(f"r{n}" for n in range(1_000)))
    (tmp_path / "file.csv").write_bytes(content)
    program = (
        "import os, signal, sys; from pathlib import Path;"
        "from infra.settings import Settings; from services.bootstrap import platform;"
        "from services.imports import files; from services.imports.sources import Source, Spec;"
        "one = platform(Settings(data=Path(sys.argv[1]) / 'killed')); one.prepare();"
        "spec = Spec('hire-rep', constants={'region': 'east'});"
        "asked = files.opened(Source('file.csv', Path(sys.argv[1]) / 'file.csv'), spec);"
        "watch = files.Silent();"
        "watch.progress = lambda done, _: done >= 500 and os.kill(os.getpid(), signal.SIGKILL);"
        "files.run(one, asked, 'cli', watch)"
    )
    run = [sys.executable, "-c", program, str(tmp_path)]
    killed = subprocess.run(run, cwd=ROOT, env={**os.environ}, timeout=limit(120), check=False)
    assert killed.returncode == -signal.SIGKILL
    again = found(tmp_path / "killed")
    assert len(facts(again)) == 500
    result, _ = imported(again, content, REPS)
    assert (result.accepted, result.repeated) == (500, 500)
    whole = found(tmp_path / "whole")
    imported(whole, content, REPS)
    assert [fact[:4] for fact in facts(again)] == [fact[:4] for fact in facts(whole)]
