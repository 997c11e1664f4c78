"""`distributary import FILE` tells what became of each row, and gives the refused ones back."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., tuple[int, list[Any], str]]
REPS = "编号,姓名,部门\nr1,李雷,sales\nr2,韩梅梅,sales\n"
AS = ("--as", "hire-rep", "--map", "姓名=name", "--set", "region=east")


@pytest.fixture
def reps(tmp_path: Path) -> str:
    path = tmp_path / "reps.csv"
    path.write_text(REPS, encoding="utf-8")
    return str(path)


@pytest.mark.capability("CU-19")
def test_a_file_is_imported_and_again_without_effect(run: Run, reps: str) -> None:
    code, _, told = run("import", reps, *AS)
    assert (code, "2 accepted, 0 known before" in told) == (0, True)
    code, _, told = run("import", reps, *AS)
    assert (code, "0 accepted, 2 known before" in told) == (0, True)


def test_rows_without_an_id_are_numbered_and_once(run: Run, tmp_path: Path) -> None:
    number = "settings", "set", "customers.numbers", "automatic=true", "--reason", "x"
    assert run(*number)[0] == 0
    rep = {"id": "li", "name": "Li", "department": "east", "region": "east"}
    assert run("command", "hire-rep", "--json", json.dumps(rep))[0] == 0
    path = tmp_path / "shops.csv"
    path.write_text("name,customer_kind,owner\nInn,retailer,li\nBar,retailer,li\n", "utf-8")
    for accepted, known in ((2, 0), (0, 2)):
        code, _, told = run("import", str(path), "--as", "register-customer")
        assert (code, f"{accepted} accepted, {known} known before" in told) == (0, True)
    events = run("events", "--type", "CustomerRegistered", "--json")[1]
    assert [one["stream"] for one in events] == ["customer-C-00001", "customer-C-00002"]


def test_a_dry_run_names_every_fault_and_takes_nothing(run: Run, reps: str) -> None:
    Path(reps).write_text(REPS.replace("r1", "r 1").replace("李雷", ""), encoding="utf-8")
    code, lines, told = run("import", reps, *AS, "--dry-run")
    assert code == 2
    assert [(line["row"], line["column"]) for line in lines] == [(2, "编号"), (2, "姓名")]
    assert "1 good, 1 bad" in told
    assert "Nothing was imported" in told
    assert (
        run("import", reps, *AS, "--dry-run", "--language", "zh-CN")[1][1]["message"] == "此项必填"
    )


def test_refused_rows_come_back_as_a_file_to_be_corrected(
    run: Run, reps: str, tmp_path: Path
) -> None:
    refused = tmp_path / "refused.csv"
    run("import", reps, *AS)
    left = tmp_path / "left.csv"
    left.write_text("id,reason\nr1,left\nr9,left\nr 2,left\n", encoding="utf-8")
    words = ("--as", "dismiss-rep", "--partial", "--refused", str(refused))
    code, lines, told = run("import", str(left), *words)
    assert code == 3
    assert [line["row"] for line in lines] == [4, 3]
    assert "2 refused rows are in" in told
    with refused.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [(row["id"], row["refused rule"]) for row in table] == [
        ("r 2", "Invalid"),
        ("r9", "Unknown"),
    ]
    text = refused.read_text(encoding="utf-8").replace("r 2", "r2").replace("r9", "r2")
    refused.write_text(text, encoding="utf-8")
    code, _, told = run("import", str(refused), "--as", "dismiss-rep")
    assert (code, "2 accepted" in told or "1 accepted" in told) == (0, True)
    assert "passed over" not in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as", "hire-reps"), "Did you mean hire-rep?"),
        (("--as", "hire-rep", "--map", "name"), "--map name: write two names"),
        (("--as", "skip-parked"), "There is no command skip-parked"),
    ],
)
def test_what_cannot_be_imported_says_what_to_do(
    run: Run, reps: str, words: tuple[str, ...], said: str
) -> None:
    code, lines, told = run("import", reps, *words)
    assert code == 2
    assert said in told or said in lines[0]["message"]


def test_an_import_is_undone_by_the_id_that_it_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "receipts.csv"
    file.write_text("location,item,quantity,reference\nWH,P1,5,DN-1\n", encoding="utf-8")
    _, _, told = run("import", str(file), "--as", "receive-stock")
    name = told.split("import ")[1].split()[0]
    code, _, told = run("import", "undo", name)
    assert (code, "1 of 1 undone, 0 stay" in told) == (0, True)
    code, _, told = run("import", "undo", "abc")
    assert (code, "There is no import abc" in told) == (2, True)


def test_a_refused_row_is_no_formula_and_comes_back_as_it_was(run: Run, tmp_path: Path) -> None:
    file, refused = tmp_path / "left.csv", tmp_path / "refused.csv"
    file.write_text("id,reason\nr9,=1+1\nr8,'-2\n", encoding="utf-8")
    words = ("--as", "dismiss-rep", "--refused", str(refused))
    run("import", str(file), *words)
    assert "r9,'=1+1," in refused.read_text(encoding="utf-8-sig")
    for name in ("r8", "r9"):
        rep = {"id": name, "name": "Li", "department": "d", "region": "e"}
        run("command", "hire-rep", "--json", json.dumps(rep))
    assert run("import", str(refused), "--as", "dismiss-rep")[0] == 0
    _, events, _ = run("events", "--stream", "rep-r9", "--json")
    assert events[-1]["data"]["reason"] == "=1+1"
