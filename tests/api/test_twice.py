"""A field that stands twice in a body is refused, for nobody knows which of the two was meant."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import quick

from services.duplicate_fields import duplicate_field

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


def test_a_field_that_stands_once_is_no_fault_whatever_its_value(api: Any) -> None:
    body = json.loads(RECEIVE) | {"reference": "a:b", "occurred_at": "2026-01-05T10:00:00+08:00"}
    assert api.ask("receive-stock", **body).status_code == 422  # a reference has no colon
    api.done("hire-rep", id="li", name='Li: "li":1', department="east", region="shanghai")


values = st.recursive(
    st.none() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@quick
@given(values, st.booleans())
def test_no_json_that_says_each_thing_once_is_taken_for_another(value: Any, plain: bool) -> None:
    assert duplicate_field(json.dumps(value, ensure_ascii=plain)) is None
    text = json.dumps(["x", {"a": value}], ensure_ascii=plain)
    assert duplicate_field(text[:-2] + ', "\\u0061": 1}]') == (1, "a")


def test_what_is_no_json_is_for_others_to_refuse() -> None:
    for text in (b"{", b"\xff", b"[" * 100_000, b"", b'{"a":' + b"9" * 9_000):
        assert duplicate_field(text) is None
    assert duplicate_field(b'{"a":' + b"9" * 9_000 + b"}") is None
