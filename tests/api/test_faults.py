"""What is wrong with a field is said in both languages, whatever it is."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError
from pydantic_core.core_schema import ErrorType

from commands import Command
from services import faults
from services.api import asking_records, events, figure_shapes, live, parked
from services.api.batches import Row
from services.bootstrap import FIGURES, RECORDS

FUNNEL = figure_shapes.asked(next(one for one in FIGURES if one.name == "funnel"))
MODELS: list[type[BaseModel]] = [
    *Command.known.values(),
    *(Row, parked.Skipping, parked.Waiting, live.Following, events.EventRange, events.Versions),
    *(
        asked(figure)
        for figure in FIGURES
        for asked in (figure_shapes.asked, figure_shapes.asked_why)
    ),
    *(asking_records.listed(record) for record in RECORDS),
]
LENGTHS = {"min_length": "too_short", "max_length": "too_long"}
BOUNDS = {
    "gt": "greater_than",
    "ge": "greater_than_equal",
    "lt": "less_than",
    "le": "less_than_equal",
    "multiple_of": "multiple_of",
}
TYPES: dict[str, set[str]] = {
    "str": {"string_type", "string_unicode"},
    "int": {"int_type", "int_parsing", "int_parsing_size", "int_from_float"},
    "float": {"float_type", "float_parsing", "finite_number"},
    "bool": {"bool_type", "bool_parsing"},
    "date": {
        "date_type",
        "date_parsing",
        "date_from_datetime_parsing",
        "date_from_datetime_inexact",
    },
    "datetime": {
        "datetime_type",
        "datetime_parsing",
        "datetime_object_invalid",
        "datetime_from_date_parsing",
        "timezone_aware",
    },
    "literal": {"literal_error"},
    "list": {"list_type"},
    "tuple": {"tuple_type"},
    "dict": {"dict_type", "invalid_key"},
    "model": {"model_type", "model_attributes_type"},
    "model-fields": {"missing", "extra_forbidden", "model_attributes_type"},
}
"""What each kind of a schema can find wrong."""
HOLDERS = {
    "any",
    "default",
    "nullable",
    "union",
    "tagged-union",
    "model-field",
    "no-info",
    "with-info",
} | {
    *(
        "function-after",
        "function-before",
        "function-plain",
        "function-wrap",
        "definitions",
        "definition-ref",
    ),
}
"""What holds others, and what brings its own words."""


def inside(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for name, inner in schema.items():
            if name not in {"metadata", "serialization"}:
                yield from inside(inner)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            yield from inside(inner)


def possible() -> set[str]:
    found = {"recursion_loop"}
    for model in MODELS:
        model.model_rebuild()
        for schema in inside(model.__pydantic_core_schema__):
            kind = schema["type"]
            found |= set() if kind in HOLDERS else TYPES[kind]
            found |= {error for name, error in BOUNDS.items() if name in schema}
            start = "string_" if kind == "str" else ""
            found |= {start + error for name, error in LENGTHS.items() if name in schema}
            if "pattern" in schema:
                found.add("string_pattern_mismatch")
                assert schema["pattern"] in faults.PATTERNS, schema["pattern"]
    return found


def test_every_fault_that_can_occur_has_its_chinese() -> None:
    found = possible()
    assert len(found) > 25
    assert found <= set(get_args(ErrorType))
    assert found <= faults.CHINESE.keys()
    assert set(get_args(ErrorType)) >= faults.CHINESE.keys()


CASES: list[tuple[type[BaseModel], dict[str, Any]]] = [
    (Row, {"command": "x" * 101, "body": [], "key": "a b", "expected": -1, "more": 1}),
    (Row, {}),
    (Command.known["draft-order"], {"id": "华东", "lines": [], "occurred_at": 1}),
    (Command.known["receive-stock"], {"quantity": 0, "reason": "gift", "holder": 7}),
    (Command.known["receive-stock"], {"quantity": 10**10, "occurred_at": "2026-13-05T00:00:00Z"}),
    (Command.known["earn-points"], {"expires_on": "2026-02-30", "currency": "yuan"}),
    (Command.known["earn-points"], {"expires_on": "1026-02-03", "currency": "RMB"}),
    (Command.known["hire-rep"], {"name": "", "title": "x" * 201, "occurred_at": "1026-01-01"}),
    (FUNNEL, {"limit": "1_0", "wait": "nan", "as_of": "soon", "known_at": "never"}),
    (FUNNEL, {"limit": "0", "wait": "31", "region": ["a"] * 101, "cursor": "x" * 4001}),
]


@pytest.mark.parametrize(("model", "body"), CASES)
def test_both_languages_name_the_figures(model: type[BaseModel], body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(body)
    for error in caught.value.errors():
        en, zh = faults.of_body({**error, "loc": ("body", *error["loc"])}).words
        assert en.isascii()
        assert not zh.isascii()
        assert "{" not in en + zh
        figures = [v for v in (error.get("ctx") or {}).values() if isinstance(v, int)]
        assert all(str(figure) in zh for figure in figures if error["type"] != "too_long")


@pytest.mark.parametrize(
    "body", ['{"a" 1}', '{"a": }', "{a: 1}", '["a]', '["\n"]', '["\\q"]', "1 2"]
)
def test_what_is_no_json_is_told_in_chinese(company: Any, body: str) -> None:
    headers = {"Idempotency-Key": "j", "Content-Type": "application/json"}
    said = {}
    for spoken in ("en", "zh-CN"):
        answer = company.client.post(
            "/commands/hire-rep",
            content=body.encode(),
            headers={**headers, "Accept-Language": spoken},
        )
        assert answer.json()["type"] == "/problems/malformed-json"
        said[spoken] = answer.json()["detail"]
    assert said["en"].isascii()
    assert answer.json()["reason"] not in said["zh-CN"]


@pytest.mark.parametrize(
    ("language", "labels"), [("en", ["Name", "Unit price"]), ("zh-CN", ["姓名", "单价"])]
)
def test_a_fault_says_what_its_field_is_called(
    company: Any, language: str, labels: list[str]
) -> None:
    line = {"item": "tea", "quantity": 1, "unit_price": -1}
    bodies = {
        "add-contact": {"id": "C1", "contact": "P1", "name": ""},
        "draft-order": {"id": "O1", "customer": "C1", "warehouse": "W1", "lines": [line]},
    }
    spoken = {"Accept-Language": language, "Idempotency-Key": "labels"}
    for (slug, body), label in zip(bodies.items(), labels, strict=True):
        alone = company.client.post(f"/commands/{slug}", json=body, headers=spoken)
        rows = [{"command": slug, "body": body}]
        many = company.client.post("/commands", json=rows, headers=spoken)
        for first, *_ in (alone.json()["errors"], many.json()["outcomes"][0]["errors"]):
            assert first["label"] == label


def test_a_faulty_parameter_is_called_as_its_field_is(company: Any) -> None:
    chinese = {"Accept-Language": "zh"}
    for address, label in (
        ("/orders?amount.gte=x", "金额"),
        ("/funnel/series?every=hour", "周期"),
        ("/rankings/dealers?first=x", "起始日期"),
    ):
        (fault,) = company.client.get(address, headers=chinese).json()["errors"]
        assert fault["label"] == label, fault


def test_what_is_no_field_has_no_label(company: Any) -> None:
    body = {"id": "C1", "nickname": "x"}
    answer = company.client.post("/commands/move-rep", json=body, headers={"Idempotency-Key": "k"})
    (found,) = [one for one in answer.json()["errors"] if one["pointer"] == "#/nickname"]
    assert "label" not in found


def test_a_list_is_not_called_short_because_its_members_are_wrong(api: Any) -> None:
    body = {"movement": "scrap", "location": "W", "lines": [{"item": "tea", "quantity": 10**10}]}
    told = api.ask("post-movement", **body).json()["errors"]
    assert [(one["pointer"], one["message"]) for one in told] == [
        ("#/lines/0/quantity", "Write 1000000000 or less")
    ]
