"""A list or a figure becomes a file, whole or not at all, with its manifest beside it."""

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from feeding import feed
from python_calamine import CalamineWorkbook

from infra import whole_file

Run = Callable[..., tuple[int, list[Any], str]]


@pytest.fixture
def goods(run: Run, tmp_path: Path) -> Run:
    """Three products, of which two are tea."""
    for item, category in (("green", "tea"), ("red", "tea"), ("cup", "china")):
        told = {"id": item, "name": f"={item}", "category": category, "unit": "box"}
        price = {"list_price": 100, "cost": 50, "currency": "CNY"}
        code, _, said = run("command", "add-product", "--json", json.dumps({**told, **price}))
        assert code == 0, said
    feed(tmp_path)
    return run


def test_a_found_list_becomes_a_spreadsheet_with_its_manifest(goods: Run, tmp_path: Path) -> None:
    file = tmp_path / "products.xlsx"
    where = ("--where", "category=tea", "--where", "sort=-id")
    code, _, told = goods("export", "products", *where, "--to", str(file), "--language", "zh-CN")
    assert (code, "2 rows as of position 3" in told) == (0, True), told
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in rows[1:]] == [["red", "=red"], ["green", "=green"]]
    manifest = json.loads((tmp_path / "products.xlsx.manifest.json").read_text("utf-8"))
    assert manifest["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (manifest["by"], manifest["state"]) == ("cli", "complete")
    assert manifest["parameters"] == {"category": "tea", "sort": "-id"}


def test_a_figure_goes_to_a_pipe_as_it_is_in_json(goods: Run) -> None:
    code, lines, _ = goods("export", "products", "--format", "ndjson", "--where", "category=china")
    assert (code, [line["id"] for line in lines]) == (0, ["cup"])
    assert goods("export", "rankings/dealers", "--format", "ndjson")[:2] == (0, [])
    piped = goods("export", "products", "--format", "ndjson", "--to", "-")
    assert [line["id"] for line in piped[1]] == ["cup", "green", "red"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("product",), "Did you mean products?"),
        (("products/cup",), "There is no list or figure products/cup"),
        (("products", "--where", "category"), "write NAME=VALUE"),
        (("products", "--where", "categor=tea"), "Did you mean category?"),
        (("products", "--where", "limit=3"), "leave out limit"),
        (("products", "--to", "products.pdf"), "names no format"),
        (("rankings/kings",), "choose customers"),
    ],
)
def test_what_cannot_be_exported_is_told_and_leaves_no_file(
    goods: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    to = () if "--to" in words else ("--to", str(tmp_path / "out.csv"))
    code, _, told = goods("export", *words, *to)
    assert code in (1, 2)
    assert said in told
    assert not list(tmp_path.glob("*out.csv*"))


def test_a_file_that_was_there_stays_until_the_new_one_is_whole(
    goods: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "products.csv"
    file.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_file.os, "fsync", full)
    code, _, told = goods("export", "products", "--to", str(file))
    assert (code, "No space left" in told) == (1, True)
    assert file.read_text() == "old"
    monkeypatch.undo()
    named = ("--header", "names", "--to", str(file))
    assert goods("export", "products", *named, DATA=str(tmp_path))[0] == 0
    with file.open(encoding="utf-8-sig", newline="") as lines:
        assert [row["name"] for row in csv.DictReader(lines)] == ["'=cup", "'=green", "'=red"]
    assert not list(tmp_path.glob(".*.part"))
