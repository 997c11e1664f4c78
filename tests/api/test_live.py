"""A stream misses nothing, doubles nothing, and goes on where its reader was."""

import json
import socket
import threading
import time
from typing import Any

import httpx2
import pytest
from pace import limit

from services.api import live
from services.api.serving import listen


def received(client: httpx2.Client, wanted: int, **asked: Any) -> list[dict[str, Any]]:
    """The first so many events of a stream; each with `id` and `event` as sent."""
    found: list[dict[str, Any]] = []
    with client.stream("GET", "/events/stream", **asked) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        frame: dict[str, str] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if line:
                frame[name] = value
            elif "data" in frame:
                found.append({**json.loads(frame["data"]), "id_": frame["id"], "e": frame["event"]})
                frame = {}
            if len(found) == wanted:
                return found
    return found


def hire(api: Any, *numbers: int) -> None:
    for n in numbers:
        rep = {"name": f"R{n}", "department": "east", "region": "shanghai"}
        api.done("hire-rep", id=f"r{n}", **rep)


def test_a_stream_tells_what_was_and_then_what_happens(both: Any) -> None:
    hire(both, 1, 2)
    with both.listening() as (client, _):
        threading.Timer(0.5, hire, (both, 3, 4)).start()
        found = received(client, 4, params={"after": 0})
    assert [event["position"] for event in found] == [1, 2, 3, 4]
    assert [event["id_"] for event in found] == ["1", "2", "3", "4"]
    assert {event["e"] for event in found} == {"RepHired"}
    expected = both.get("/events/3")
    expected.pop("links")
    assert {k: v for k, v in found[2].items() if k not in {"id_", "e"}} == expected


def test_a_reader_goes_on_after_its_last_event(api: Any) -> None:
    hire(api, *range(1, 7))
    with api.listening() as (client, _):
        first = received(client, 2, params={"after": 0})
        last = {"Last-Event-ID": first[-1]["id_"]}
        rest = received(client, 4, headers=last, params={"after": 0})
    assert [event["position"] for event in (*first, *rest)] == [1, 2, 3, 4, 5, 6]


def test_a_stream_holds_to_its_filters(api: Any) -> None:
    hire(api, 1)
    move = {"location": "WH", "item": "tea", "quantity": 1, "reference": "r"}
    api.done("receive-stock", **move)
    hire(api, 2)
    with api.listening() as (client, _):
        kinds = received(client, 1, params={"after": 0, "kind": "stock"})
        reps = received(client, 2, params={"after": 0, "type": "RepHired"})
    assert [event["stream"] for event in kinds] == ["stock-WH:tea"]
    assert [event["position"] for event in reps] == [1, 3]


def test_a_silent_stream_shows_that_it_lives(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "BEAT", 0.3)
    with (
        api.listening() as (client, _),
        client.stream("GET", "/events/stream") as answer,
    ):
        lines = answer.iter_lines()
        assert next(line for line in lines if line.startswith(":")) == ": still here"


def test_streams_end_when_the_server_does(api: Any) -> None:
    with (
        api.listening() as (client, server),
        client.stream("GET", "/events/stream") as answer,
    ):
        threading.Timer(0.3, server.handle_exit, (2, None)).start()
        began = time.monotonic()
        assert not [line for line in answer.iter_lines() if line.startswith("data")]
        assert time.monotonic() - began < limit(5)


def test_the_port_of_another_is_not_taken() -> None:
    with listen("127.0.0.1", 0) as port, pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", port.getsockname()[1])
    assert isinstance(port, socket.socket)
