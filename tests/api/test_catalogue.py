"""A console is made from the catalogue: whatever it says can be asked is answered."""

from typing import Any

import pytest

from aggregates.customers.customer.own_fields import OWN_FIELDS
from services.api import figure_shapes
from services.bootstrap import FIGURES
from services.catalogue import building
from services.catalogue.shapes import FieldPart

HERE = building.catalogue("en")
LISTED = [kind for kind in HERE.kinds if kind.address]
VALUES = {
    "text": "A-1",
    "integer": "1",
    "day": "2026-01-05",
    "instant": "2026-01-05T09:30:00+08:00",
    "currency": "CNY",
}
PIPELINE = {"pipeline": "standard", "stage": "proposal"}


def test_it_is_in_the_readers_language(company: Any) -> None:
    for asked, headers, language, label in (
        ({}, {}, "en", "Customer"),
        ({}, {"Accept-Language": "zh-TW,zh;q=0.9"}, "zh-CN", "客户"),
        ({"language": "zh-CN"}, {"Accept-Language": "en"}, "zh-CN", "客户"),
    ):
        answer = company.client.get("/catalogue", params=asked, headers=headers)
        assert answer.headers["content-language"] == language
        kinds = {kind["name"]: kind for kind in answer.json()["kinds"]}
        assert (kinds["customer"]["label"], answer.json()["language"]) == (label, language)
        assert "Accept-Language" in answer.headers["vary"]


def test_another_language_is_refused_and_the_known_ones_are_named(company: Any) -> None:
    answer = company.client.get("/catalogue", params={"language": "fr"})
    assert answer.status_code == 400
    assert "zh-CN" in answer.json()["errors"][0]["message"]


def test_whoever_has_it_is_told_that_it_is_as_it_was(company: Any) -> None:
    first = company.client.get("/catalogue")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (tag, f'W/{tag}, "other"', "*"):
        again = company.client.get("/catalogue", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    chinese = {"If-None-Match": tag, "Accept-Language": "zh"}
    assert company.client.get("/catalogue", headers=chinese).status_code == 200
    assert company.client.get("/catalogue", headers={"If-None-Match": '"x"'}).status_code == 200


def test_nobody_reads_it_without_a_key(company: Any) -> None:
    assert company.client.get("/catalogue", headers={"Authorization": "no"}).status_code == 401


def filled(fields: list[FieldPart]) -> dict[str, Any]:
    """What is sent where a form has something in each field that must not be left out."""
    found = dict[str, Any]()
    for field in fields:
        if not field.optional:
            value = field.choices[0].value if field.choices else VALUES.get(field.type)
            value = filled(field.fields) if field.type == "object" else value
            value = 1 if field.type == "integer" else value
            found[field.name] = [value] if field.many else value
    return found


def filters(field: FieldPart) -> tuple[dict[str, str], dict[str, str]]:
    """Each operator with a value: first those that the field is said to have."""
    has, has_not = dict[str, str](), dict[str, str]()
    for operator in HERE.operators:
        typed = field.type in operator.types or (operator.name == "under" and field.tree)
        value = field.choices[0].value if field.choices else VALUES.get(field.type, "1")
        told = "true" if operator.name == "empty" else value
        asked = has if field.filtered and typed else has_not
        asked[f"{field.name}.{operator.name}"] = told
    return has, has_not


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.record)
def test_a_list_can_be_sorted_and_filtered_as_it_says(kind: Any, company: Any) -> None:
    assert "id" in {field.name for field in kind.fields}
    tried = set[tuple[Any, ...]]()
    for field in (one for one in kind.fields if one.name not in OWN_FIELDS):  # none is declared
        address = f"{kind.address}?sort=-{field.name}"
        assert company.client.get(address).is_success is field.sorted, address
        fitting, others = filters(field)
        answer = company.client.get(kind.address, params=fitting)
        assert answer.is_success, (fitting, answer.text)
        for asked, value in others.items():
            same = (asked.partition(".")[2], field.type, field.filtered, field.tree)
            if same not in tried:
                tried.add(same)
                answer = company.client.get(kind.address, params={asked: value})
                assert not answer.is_success, (asked, answer.text)


@pytest.fixture(scope="module")
def document(company: Any) -> Any:
    return company.get("/openapi.json")


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.record)
def test_a_row_has_the_fields_that_are_told(kind: Any, document: Any) -> None:
    row = document["components"]["schemas"][f"{kind.record.title()}Row"]
    assert set(row["properties"]) == {field.name for field in kind.fields}


@pytest.mark.parametrize("figure", HERE.figures, ids=lambda one: one.name)
def test_a_figure_can_be_asked_as_it_says(figure: Any, company: Any) -> None:
    for field in (*figure.filters, *figure.parameters):
        values = [one.value for one in (*field.choices[:1], *field.choices[-1:])]
        values = values or [PIPELINE.get(field.name, VALUES[field.type])]
        if field.name == "where":
            values = [f"{figure.filters[0].name}.empty=false"]
        for value in values:
            answer = company.client.get(figure.address, params={field.name: value})
            assert answer.is_success, answer.text
    why = company.client.get(f"{figure.why}?subject=A-1" if "rank" in figure.why else figure.why)
    assert why.is_success
    for field in figure.measures:
        asked = {"measure": field.name, **({"subject": "A-1"} if "rank" in figure.why else {})}
        answer = company.client.get(figure.why, params=asked)
        assert answer.is_success is field.explained, (asked, answer.text)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: one.name)
def test_a_figures_row_has_the_fields_that_are_told(figure: Any) -> None:
    told = next(one for one in HERE.figures if one.name == figure.name)
    fields = {field.name for field in (*told.dimensions, *told.measures)}
    row = set(figure_shapes.row(figure).model_fields)
    assert fields <= row
    if not figure.board:
        assert fields == row


def test_every_command_has_the_address_that_is_told(document: Any) -> None:
    paths = document["paths"]
    assert {one.address for one in HERE.commands} == {p for p in paths if "/commands/" in p}


def test_a_command_that_begins_nothing_is_refused_where_nothing_is(api: Any) -> None:
    """Or else a form for a new thing would ask it."""
    kinds = {kind.name for kind in LISTED}
    asked = [part for part in HERE.commands if part.kind in kinds and not part.begins]
    answers = {part.name: api.ask(part.name, **filled(part.fields)) for part in asked}
    begun = {name for name, answer in answers.items() if answer.json().get("events")}
    assert begun == set()
