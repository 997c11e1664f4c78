"""What a request says is taken as it stands, or refused: nothing is read into it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, ValidationError

from commands import Command
from services.api.batches import Row
from services.api.parked import Skipping

NOT_WHOLE = (True, "5", " 5 ", "1_0", 5.0, 1.5)
NO_INSTANT = (46023, 1.5, True, "46023", "20260105", "2026-01-05T09:30:00", "2026-01-05T09:30Z")
NO_DAY = (46023, 86400, True, "86400", "20260105", "2026-01-05T00:00:00Z", "2026-1-5")
BEYOND = (
    "0001-01-01T00:00:00+08:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-08:00",
    "9999-01-01T00:00:00Z",
)
MODELS: list[type[BaseModel]] = [*Command.known.values(), Row, Skipping]


def wrong(
    schema: Mapping[str, Any], whole: Mapping[str, Any], plant: Mapping[str, Any]
) -> tuple[Any, list[tuple[Any, ...]]]:
    """A value with `plant` wherever the schema has that type or format, and the paths to it."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]]
    if options := schema.get("anyOf"):
        schema = options[0]
    kind = schema.get("format") or schema.get("type")
    if kind in plant:
        return plant[kind], [()]
    if kind == "object":
        made: dict[str, Any] = {}
        paths: list[tuple[Any, ...]] = []
        for name, inner in schema.get("properties", {}).items():
            made[name], found = wrong(inner, whole, plant)
            paths += [(name, *path) for path in found]
        return made, paths
    if kind == "array":
        item, found = wrong(schema["items"], whole, plant)
        return [item], [(0, *path) for path in found]
    return "x", []


def missed(model: type[BaseModel], plant: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Where the model took what was planted."""
    schema = model.model_json_schema()
    body, paths = wrong(schema, schema, plant)
    try:
        model.model_validate(body)
        faulty: set[tuple[Any, ...]] = set()
    except ValidationError as error:
        faulty = {each["loc"] for each in error.errors()}
    yield from (path for path in paths if path not in faulty)


def planted(name: str, values: tuple[Any, ...]) -> list[Any]:
    return [pytest.param({name: value}, id=f"{name} {value!r}") for value in values]


PLANTS = [
    *planted("integer", NOT_WHOLE),
    *planted("boolean", (1, "true", "yes")),
    *planted("date-time", NO_INSTANT + BEYOND),
    *planted("date", (*NO_DAY, "0001-01-01", "9999-12-31")),
]


@pytest.mark.parametrize("plant", PLANTS)
def test_no_field_of_a_request_reads_one_thing_as_another(plant: Mapping[str, Any]) -> None:
    assert [(m.__name__, path) for m in MODELS for path in missed(m, plant)] == []


def test_there_is_something_to_plant_in() -> None:
    for kind in ("integer", "boolean", "date-time", "date"):
        schemas = [model.model_json_schema() for model in MODELS]
        assert any(wrong(schema, schema, {kind: None})[1] for schema in schemas), kind


QUERIES = {
    "integer": ("1_0", "+1", " 1", "1.0", "true", "１"),
    "number": ("1_0", "+1", " 1", "1e1", "nan", "inf"),
    "date": (*map(str, NO_DAY), "0001-01-01", "9999-12-31"),
    "date-time": (*map(str, NO_INSTANT), *BEYOND),
}


def parameters(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], set[str]]]:
    """Each parameter of a read, with the types and formats that its schema names."""
    for path, operations in document["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            schema = parameter["schema"]
            options = [schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())]
            options += [one for option in options[1:] for one in option.get("oneOf", ())]
            kinds = {str(one.get("format") or one.get("type")) for one in options}
            kinds -= {"date"} if "date-time" in kinds else set()  # a day may stand for an instant
            yield path, parameter, kinds


NEEDED = {
    "/rankings/{board}/why": {"subject": "C1"},
    "/prices": {"customer": "C1", "product": "tea"},
    "/what-if/{id}": {"since": "2026-01-05", "until": "2026-01-06", "values": "{}"},
}
"""What these cannot be asked without."""
CALLED_SO = {"/destinations/{id}/deliveries"}
"""Whose ids are letters and digits alone."""


def test_no_parameter_reads_one_thing_as_another(company: Any) -> None:
    """Each is tried with everything once, and with one thing wherever it is asked again."""
    document, tried, known = company.client.get("/openapi.json").json(), 0, set[str]()
    for number, (path, parameter, kinds) in enumerate(parameters(document)):
        name, place = parameter["name"], parameter["in"]
        values: Iterable[str] = ()
        if place != "header":
            values = {value for kind in kinds for value in QUERIES.get(kind, ())}
        if name == "as_of":  # digits alone are a position
            values = {value for value in values if not value.isascii() or not value.isdigit()}
        if (same := str((name, place, parameter["schema"]))) in known:
            every = sorted(values)
            values = every[number % len(every) :][:1] if every else []
        known.add(same)
        address = path.replace("{board}", "dealers").replace("{stream}", "x").replace("{view}", "x")
        if name != "line":
            address = address.replace("{line}", "1")
        if name != "version":
            address = address.replace("{version}", "1")
        if name != "id" and path in CALLED_SO:
            address = address.replace("{id}", "x")
        for value in values:
            query = dict(NEEDED.get(path, {}))
            inside = address.replace(f"{{{name}}}", value)
            query |= {name: value} if place == "query" else {}
            answer = company.client.get(inside, params=query)
            told = answer.json()
            assert (answer.status_code, told.get("type")) == (400, "/problems/invalid-parameter"), (
                path,
                name,
                value,
                told,
            )
            assert {fault["parameter"] for fault in told["errors"]} == {name}
            tried += 1
    assert tried > 100


def test_a_day_stands_for_its_beginning_in_a_command_and_for_its_end_in_a_question(
    api: Any,
) -> None:
    begins = datetime(2026, 1, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    move = {"location": "WH", "item": "tea", "quantity": 3, "reference": "r"}
    api.done("receive-stock", **move, occurred_at="2026-01-05")
    told = datetime.fromisoformat(api.get("/events/1")["occurred_at"])
    assert told == begins
    later = {**move, "reference": "s", "occurred_at": (begins + timedelta(days=1)).isoformat()}
    api.done("receive-stock", **later)
    api.feed()
    assert [row["on_hand"] for row in api.get("/stock", as_of="2026-01-05")["data"]] == [3]
    assert [row["on_hand"] for row in api.get("/stock", as_of="2026-01-06")["data"]] == [6]
    assert api.get("/stock", as_of="2026-01-04")["data"] == []
    assert api.get("/stock", known_at="2026-01-06")["data"] == []


def test_a_count_needs_its_instant(api: Any) -> None:
    count = {"location": "WH", "item": "tea", "counted": 3, "reference": "c"}
    answer = api.ask("count-stock", **count, counted_at="2026-01-05")
    assert answer.status_code == 422
    assert "2026-01-05T09:30:00+08:00" in answer.json()["errors"][0]["message"]
