"""The log is read in order, one by one, by stream and by what the envelope says."""

import json
from typing import Any

import pytest
from api.conftest import served

from infra import search
from infra.events import GENESIS, verify

TEA = {"item": "tea", "quantity": 1}


def filled(api: Any) -> None:
    for n in range(4):
        rep = {"name": f"R{n}", "department": "east", "region": "shanghai"}
        api.done("hire-rep", id=f"r{n}", key=f"hire-{n}", **rep)
        move = {**TEA, "reference": f"ref-{n}"}
        api.done("receive-stock", location="WH", key=f"stock-{n}", **move)


def positions(api: Any, **params: Any) -> list[int]:
    return [event["position"] for page in api.pages("/events", **params) for event in page]


@pytest.fixture(scope="module")
def eight(shared: Any) -> Any:
    """Eight events of several streams."""
    filled(shared)
    return shared


def test_events_come_in_order_whatever_the_page(both: Any) -> None:
    filled(both)
    for limit in (1, 3, 8, 100):
        assert positions(both, limit=limit) == list(range(1, 9))
    assert positions(both, after=2, until=5) == [3, 4, 5]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"kind": "rep"}, [1, 3, 5, 7]),
        ({"kind": ["stock", "rep"], "limit": 3}, list(range(1, 9))),
        ({"stream": "stock-WH:tea"}, [2, 4, 6, 8]),
        ({"type": "RepHired", "after": 3}, [5, 7]),
        ({"command": "hire-2"}, [5]),
        ({"actor": "tester", "until": 2}, [1, 2]),
        ({"actor": "nobody"}, []),
    ],
)
def test_events_are_found_by_their_envelope(
    eight: Any, wanted: dict[str, Any], expected: list[int]
) -> None:
    assert positions(eight, **wanted) == expected


@pytest.mark.parametrize("limit", [1, 3, 4, 9])
def test_a_stream_is_found_from_anywhere_however_far_it_is(
    eight: Any, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(search, "STRETCH", 1)
    of_it, asked = [2, 4, 6, 8], {"stream": "stock-WH:tea", "limit": limit}
    for after in range(9):
        for until in range(after, 10):
            found = eight.get("/events", **asked, after=after, until=until)
            fit = [at for at in of_it if after < at <= until][:limit]
            assert [event["position"] for event in found["data"]] == fit
            end = fit[-1] if len(fit) == limit else max(after, min(until, 8))
            assert found["looked_to"] == end
    assert eight.get("/events", stream="stock-WH:none")["data"] == []


def test_a_search_looks_at_a_bounded_stretch(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(api)
    monkeypatch.setattr(search, "STRETCH", 3)
    first = api.get("/events", type="OrderShipped")
    assert (first["data"], first["looked_to"], first["head"]) == ([], 3, 8)
    assert first["next"] == "/events?type=OrderShipped&after=3"
    assert positions(api, kind="rep") == [1, 3, 5, 7]


def test_what_a_command_did_is_found_from_its_key_however_far_it_is(
    both: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(both)
    monkeypatch.setattr(search, "STRETCH", 1)
    found = both.get("/events", command=["stock-3", "hire-2", "none"])
    assert [event["position"] for event in found["data"]] == [5, 8]
    assert (found["looked_to"], found["next"]) == (8, None)
    assert positions(both, command=["stock-3", "hire-2", "stock-0"], limit=1) == [2, 5, 8]
    assert positions(both, command=["stock-3", "hire-2"], kind="rep") == [5]
    assert positions(both, command="stock-3", until=7) == []
    again = both.ask("receive-stock", key="other", location="WH", **{**TEA, "reference": "ref-3"})
    assert again.json()["repeated"] is True
    assert positions(both, command="other") == []  # the event is another command's


def test_lines_of_json_are_there_for_who_wants_them(api: Any) -> None:
    filled(api)
    headers = {"Accept": "application/x-ndjson"}
    answer = api.client.get("/events?limit=3", headers=headers)
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line)["position"] for line in answer.text.splitlines()] == [1, 2, 3]
    assert answer.headers["link"] == '</events?limit=3&after=3>; rel="next"'


def exported(api: Any, until: int, limit: int) -> bytes:
    """The log up to a position as JSON lines, by the links of its pages."""
    whole, path = b"", f"/events?until={until}&limit={limit}"
    while path:
        answer = api.client.get(path, headers={"Accept": "application/x-ndjson"})
        whole += answer.content
        path = answer.links.get("next", {}).get("url", "")
    return whole


def test_an_export_of_the_log_is_repeated_bit_for_bit(database_url: str) -> None:
    with served(database_url, empty=True) as api:
        filled(api)
        first = exported(api, until=7, limit=100)
        api.done("issue-stock", location="WH", item="tea", quantity=1, reason="sale", reference="x")
        assert exported(api, until=7, limit=2) == first
    with served(database_url) as later:
        assert exported(later, until=7, limit=3) == first
        assert exported(later, until=9, limit=3).startswith(first)
    assert [json.loads(line)["position"] for line in first.splitlines()] == list(range(1, 8))


def test_one_event_shows_its_digest_and_its_neighbours(both: Any) -> None:
    filled(both)
    event = both.get("/events/2")
    assert event["data"]["quantity"] == 1
    assert event["links"]["stream"] == "/streams/stock-WH:tea"
    assert (event["links"]["previous"], event["links"]["next"]) == ("/events/1", "/events/3")
    with both.platform.database.read() as connection:
        first, second = both.platform.store.read(connection, 0, 2)
    assert verify(GENESIS, "main", first)
    assert verify(first.digest, "main", second)
    assert event["digest"] == second.digest.hex()
    assert both.get("/events/8")["links"]["next"] is None


def test_a_stream_is_read_from_its_first_event(both: Any) -> None:
    filled(both)
    whole = both.get("/streams/stock-WH:tea")
    assert whole["version"] == 4
    assert [event["version"] for event in whole["events"]] == [1, 2, 3, 4]
    pages = list(both.pages("/streams/stock-WH:tea", "events", limit=3))
    assert [event["version"] for page in pages for event in page] == [1, 2, 3, 4]


def test_the_status_says_how_far_everything_is(both: Any) -> None:
    filled(both)
    before = both.get("/status")
    assert (before["head"], before["views"]["funnel"]["lag_events"]) == (8, 8)
    assert before["views"]["funnel"]["lag_seconds"] > 0
    both.feed()
    after = both.get("/status")
    assert {view["position"] for view in after["views"].values()} == {8}
    assert (after["published"], after["queue"], after["parked"]) == (None, 0, [])


def test_it_is_not_ready_without_its_tables(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.api.status.at_head", lambda _: False)
    answer = api.client.get("/readyz")
    assert answer.status_code == 503
    assert "distributary migrate" in answer.json()["detail"]
    assert api.client.get("/livez").status_code == 200
