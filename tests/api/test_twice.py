"""What JSON says is taken as it stands, or refused: a field that stands twice, for nobody knows
which of the two was meant, and a number that is none.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import quick

from services.strict_json import fault_in

RECEIVE = '{"location":"WH","item":"tea","quantity":1,"reference":"r","quantity":2}'
DRAFT = (
    '{"id":"O","customer":"C","warehouse":"W","lines":'
    '[{"item":"tea","quantity":1},{"item":"tea", "item" : "cup","quantity":1}]}'
)
BATCH = f'[{{"command":"hire-rep","body":{{}}}},{{"command":"receive-stock","body":{RECEIVE}}}]'
SKIP = '{"reason":"a","reason":"b"}'


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/commands/receive-stock", RECEIVE, "#/quantity"),
        ("/commands/receive-stock", RECEIVE.replace('"r"', '"2026-01-05T10:00:00"'), "#/quantity"),
        ("/commands/draft-order", DRAFT, "#/lines/1/item"),
        ("/commands/receive-stock", RECEIVE.replace("2", '"x"'), "#/quantity"),
        ("/commands", BATCH, "#/1/body/quantity"),
        ("/parked/funnel/opportunity-1/skip", SKIP, "#/reason"),
    ],
)
def test_a_field_that_stands_twice_is_named(api: Any, path: str, body: str, pointer: str) -> None:
    for spoken in ("en", "zh-CN"):
        for content_type in ("application/json", "application/vnd.shop+json"):
            headers = {"Idempotency-Key": "k", "Content-Type": content_type}
            headers["Accept-Language"] = spoken
            answer = api.client.post(path, content=body, headers=headers)
            assert answer.status_code == 422, answer.text
            (fault,) = answer.json()["errors"]
            assert (fault["pointer"], fault["code"]) == (pointer, "twice")
            assert ("twice" in fault["message"]) == (spoken == "en")
    assert api.get("/status")["head"] == 0


BODIES = [
    ('{{"a": {}}}', ["a"]),
    ('{{"home": [1, {{"width": {}}}]}}', ["home", 1, "width"]),
]
NO_NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "-1e999")


def writes(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every address that takes a body of JSON, whatever its method."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            body = operation.get("requestBody", {}) if isinstance(operation, dict) else {}
            if "application/json" in body.get("content", {}):
                yield method.upper(), path


@pytest.mark.parametrize("no_number", NO_NUMBERS)
@pytest.mark.parametrize(("shape", "where"), BODIES)
def test_a_number_that_is_none_is_named_and_never_kept(
    api: Any, shape: str, where: list[Any], no_number: str
) -> None:
    headers = {"Content-Type": "application/json"}
    content = shape.format(no_number)
    answer = api.client.patch("/preferences", content=content, headers=headers)
    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == "#/" + "/".join(map(str, where))
    assert fault["code"] == "no_number"
    assert api.get("/preferences") == {}


def test_no_address_takes_a_field_twice_or_a_number_that_is_none(api: Any) -> None:
    """Whatever the method, and whatever else is wrong with the body."""
    every = list(writes(api.client.get("/openapi.json").json()))
    assert {method for method, _ in every} == {"POST", "PUT", "PATCH"}
    for method, path in every:
        address = re.sub(r"\{\w+\}", "x", path)
        for content, code in (('{"x": 1, "x": 2}', "twice"), ('{"x": NaN}', "no_number")):
            headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
            answer = api.client.request(method, address, content=content, headers=headers)
            assert answer.status_code == 422, (method, path, answer.text)
            assert [one["code"] for one in answer.json()["errors"]] == [code], (method, path)


def test_a_parameter_that_is_json_says_each_thing_once(api: Any) -> None:
    period = {"since": "2026-01-05", "until": "2026-01-06"}
    for values, said in (('{"points": 2, "points": 3}', "twice"), ('{"points": 1e999}', "number")):
        answer = api.client.get("/what-if/loyalty.earning", params=period | {"values": values})
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-parameter")
        (fault,) = answer.json()["errors"]
        assert fault["parameter"] == "values.points"
        assert said in fault["message"]


def test_a_field_that_stands_once_is_no_fault_whatever_its_value(api: Any) -> None:
    body = json.loads(RECEIVE) | {"reference": "a:b", "occurred_at": "2026-01-05T10:00:00+08:00"}
    assert api.ask("receive-stock", **body).status_code == 422  # a reference has no colon
    api.done("hire-rep", id="li", name='Li: "li":1', department="east", region="shanghai")


values = st.recursive(
    st.none() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@quick
@given(values, st.booleans())
def test_no_json_that_says_each_thing_once_is_taken_for_another(value: Any, plain: bool) -> None:
    assert fault_in(json.dumps(value, ensure_ascii=plain)) is None
    text = json.dumps(["x", {"a": value}], ensure_ascii=plain)
    found = fault_in(text[:-2] + ', "\\u0061": 1}]')
    assert found is not None
    assert (found.path, found.code) == ((1, "a"), "twice")


def test_what_is_no_json_is_for_others_to_refuse() -> None:
    for text in (b"{", b"\xff", b"[" * 100_000, b"", b'{"a":' + b"9" * 9_000):
        assert fault_in(text) is None
    assert fault_in(b'{"a":' + b"9" * 9_000 + b"}") is None
