"""Whoever accepts none of what can be had is told so; large answers come compressed."""

from typing import Any

import pytest
from httpx2 import Response

OFFERED = [
    ("/funnel", "application/json"),
    ("/stock", "application/*"),
    ("/rankings/dealers", "text/csv, application/json;q=0.5"),
    ("/customers", "text/csv"),
    ("/customers/C1/history", "text/*"),
    ("/events", "application/x-ndjson"),
    ("/events", "*/*;q=0.1"),
    ("/status", "application/problem+json, */*"),
    ("/docs", "text/html"),
    ("/metrics", "text/plain"),
    ("/problems/refused", "text/html"),
    ("/livez", "text/csv"),
]
REFUSED = [
    ("/funnel", "text/html"),
    ("/stock", "image/*"),
    ("/status", "text/csv"),
    ("/customers/C1", "text/csv"),
    ("/rankings/dealers", "application/xml"),
    ("/events", "text/csv"),
    ("/events/1", "application/x-ndjson"),
    ("/streams/rep-li", "application/json;q=0"),
    ("/docs", "application/json"),
    ("/openapi.json", "application/yaml"),
]


@pytest.mark.parametrize(("path", "accept"), OFFERED)
def test_what_is_accepted_is_answered(company: Any, path: str, accept: str) -> None:
    assert company.client.get(path, headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(("path", "accept"), REFUSED)
def test_what_cannot_be_had_is_406_and_says_what_can(company: Any, path: str, accept: str) -> None:
    for spoken in ("en", "zh-CN"):
        headers = {"Accept": accept, "Accept-Language": spoken}
        answer = company.client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (406, "/problems/not-acceptable")
        assert answer.json()["offers"] in answer.json()["detail"]


def test_a_command_whose_answer_cannot_be_read_takes_no_effect(api: Any) -> None:
    body = {"id": "li", "name": "Li", "department": "east", "region": "shanghai"}
    headers = {"Idempotency-Key": "k", "Accept": "text/csv"}
    assert api.client.post("/commands/hire-rep", json=body, headers=headers).status_code == 406
    assert api.get("/events")["head"] == 0


def answered(company: Any, path: str, encoding: str) -> Response:
    headers = {"Accept-Encoding": encoding}
    with company.listening() as (client, _):
        found: Response = client.get(path, headers=headers)
        return found


def test_large_answers_are_compressed_for_who_can_read_that(company: Any) -> None:
    packed = answered(company, "/events", "gzip")
    plain = answered(company, "/events", "identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content) / 3
    assert "content-encoding" not in answered(company, "/livez", "gzip").headers


def test_a_stream_of_events_is_not_held_back_to_be_compressed(company: Any) -> None:
    with company.listening() as (client, _):
        headers = {"Accept-Encoding": "gzip"}
        with client.stream("GET", "/events/stream?after=0", headers=headers) as stream:
            assert "content-encoding" not in stream.headers
            assert next(stream.iter_lines()) == "retry: 1000"


def test_the_page_of_a_problem_shows_no_braces(company: Any) -> None:
    for slug in ("refused", "version-mismatch", "if-match-required", "not-acceptable"):
        for spoken in ("en", "zh-CN"):
            headers = {"Accept-Language": spoken}
            page = company.client.get(f"/problems/{slug}", headers=headers).text
            assert "{" not in page
            assert "<em>" in page
