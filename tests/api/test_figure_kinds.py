"""The figures that are described are those that can be asked."""

from typing import Any

from projections.targets.rankings import BOARDS
from services.api import figure_shapes
from services.bootstrap import FIGURES

BOARD = "/rankings/{board}"


def test_every_figure_that_has_an_address_is_described(company: Any) -> None:
    paths = company.client.get("/openapi.json").json()["paths"]
    asked = {path.removesuffix("/why") for path in paths if path.endswith("/why")}
    boards = {one.address for one in FIGURES if one.address.startswith("/rankings/")}
    prices = {path for path in asked if path.endswith("/lines/{line}")}
    assert {one.address for one in FIGURES} - boards == asked - {BOARD} - prices
    assert boards == {f"/rankings/{board}" for board in BOARDS}


def test_a_figure_names_the_fields_that_its_rows_have(company: Any) -> None:
    for figure in FIGURES:
        for row in company.client.get(figure.address).json()["data"]:
            assert row.keys() == figure_shapes.row(figure).model_fields.keys(), figure.name
