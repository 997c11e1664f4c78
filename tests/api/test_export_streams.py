"""However long a list is and however slow its reader, an export takes little and holds nothing."""

import asyncio
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from api.conftest import Api, served
from asking import Asking
from effort import effort
from httpx2 import RemoteProtocolError
from sqlalchemy import event
from waiting import until

from infra import bulk
from infra.limits import Limits
from projections.engine.version_table import FOREVER
from services.api import exports, in_process
from services.api.app import build
from services.exports import formats, manifests, xlsx

MANY = effort(30_000, 100_000)
MIB = 1024 * 1024


def filled(api: Api, many: int) -> Api:
    """So many customers, as if their events lay before the log."""
    record = api.platform.view("customers")
    table = record.every_table(1)[0]
    own = {"log": "main", "version": 1, "position": 0, "happened": 0, "ended": FOREVER}
    row = {**own, "type": "CustomerRegistered", "recorded_at": 0}
    nested = {name: "[]" for name, known in record.fields.items() if known.nested}
    values = record.shape()._asdict() | nested | {"name": "上海茶行有限公司" * 4}
    names = [column.name for column in table.columns]
    for start in range(0, many, 10_000):
        rows = []
        for n in range(start, min(start + 10_000, many)):
            key = f"C{n:07}"
            one = {**values, **row, "stream": f"customer-{key}", "id": key}
            rows.append([one.get(name, "") for name in names])
        with api.platform.database.write() as connection:
            bulk.insert(connection, table, rows)
    return api


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder: Path = tmp_path_factory.mktemp("crowd")
    with served(f"sqlite:///{folder / 'test.sqlite'}", empty=True) as made:
        yield filled(made, MANY)


def whole(client: Any, path: str) -> Any:
    """An answer as large as it is: compressed, all of it would be on its way at once."""
    return client.stream("GET", path, headers={"Accept-Encoding": "identity"})


class Sink:
    def __init__(self) -> None:
        self.size = 0

    def take(self, data: bytes) -> None:
        self.size += len(data)


@pytest.mark.parametrize(("format", "most"), [("csv", 24), ("ndjson", 24), ("parquet", 64)])
def test_many_rows_take_a_few_megabytes(crowd: Api, format: str, most: int) -> None:
    app, sink = in_process.build(crowd.platform), Sink()
    asyncio.run(in_process.get(app, "cli", "/reps", [("format", format)], sink.take))  # imports
    tracemalloc.start()
    try:
        query = [("format", format), ("sort", "-name,id")]
        headers = asyncio.run(in_process.get(app, "cli", "/customers", query, sink.take))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert crowd.get(f"/exports/{headers['x-export-id']}/manifest")["rows"] == MANY
    assert peak < most * MIB, f"{peak / MIB:.0f} MiB"


def test_rows_come_from_postgresql_as_they_are_taken(postgres_url: str) -> None:
    with served(postgres_url, empty=True) as api:
        filled(api, 12_000)
        named = list[Any]()
        engine = api.platform.database.engine
        event.listen(engine, "before_cursor_execute", lambda *a: named.append(a[1].name))
        answer = api.client.get("/customers?format=csv")
        assert answer.content.count(b"\r\n") == 12_001
        assert any(named), "the whole answer was fetched at once"


def test_a_reader_that_leaves_ends_the_export(crowd: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    with crowd.listening() as (client, server):
        running = server.config.app.state.exports
        with whole(client, "/customers?format=ndjson") as answer:
            chunks = answer.iter_bytes()  # kept: with it the reader would leave
            assert next(chunks)
            assert running.open == 1
        until(lambda: running.open == 0 and not running.writing, 20)
        manifest = crowd.get(f"/exports/{answer.headers['x-export-id']}/manifest")
    assert (manifest["state"], manifest["sha256"]) == ("unfinished", None)


def test_a_slow_reader_holds_no_connection(crowd: Api) -> None:
    with crowd.listening() as (client, server):
        running = server.config.app.state.exports
        with whole(client, "/customers?format=ndjson"):
            until(lambda: not running.writing, 60)
            assert running.open == 1
            assert crowd.platform.database.engine.pool.checkedout() == 0


def test_a_reader_that_takes_nothing_is_left_in_time(
    crowd: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PATIENCE", 1.0)
    with crowd.listening() as (client, server):
        running = server.config.app.state.exports
        with whole(client, "/customers?format=ndjson") as answer:
            until(lambda: running.open == 0, 30)
            with pytest.raises(RemoteProtocolError):
                for _ in answer.iter_bytes():
                    pass


def test_the_end_of_a_workbook_may_take_longer_than_a_transaction_may_stand(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = xlsx._Workbook.end

    def slowly(self: Any, facts: Any) -> None:
        time.sleep(1.5)
        end(self, facts)

    monkeypatch.setattr(xlsx._Workbook, "end", slowly)
    with served(postgres_url, empty=True, limits=Limits(idle=0.5)) as api:
        answer = api.client.get("/customers?format=xlsx")
        assert answer.status_code == 200, answer.text


def test_what_fails_half_way_is_no_whole_file(crowd: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    real = formats._Csv.rows

    def failing(self: Any, rows: Any) -> None:
        if rows[0]["id"] != "C0000000":
            time.sleep(0.5)
            raise OSError(28, "No space left on device")
        real(self, rows)

    monkeypatch.setattr(formats._Csv, "rows", failing)
    with crowd.listening() as (client, _):
        with whole(client, "/customers?format=csv") as answer:
            assert answer.status_code == 200
            with pytest.raises(RemoteProtocolError):
                for _ in answer.iter_bytes():
                    pass
        found = crowd.get(f"/exports/{answer.headers['x-export-id']}/manifest")
    assert found["state"] == "unfinished"


def test_the_latest_manifests_are_kept(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "MOST", 2)
    made = [both.client.get("/reps?format=csv").headers["x-export-id"] for _ in range(4)]
    states = [both.client.get(f"/exports/{one}/manifest").status_code for one in made]
    assert states == [404, 404, 200, 200]


def test_an_export_ends_with_its_server(crowd: Api) -> None:
    with crowd.listening() as (client, server):
        running = server.config.app.state.exports
        with whole(client, "/customers?format=ndjson") as answer:
            chunks = answer.iter_bytes()  # kept: with it the reader would leave
            assert next(chunks)
            running.stop()
            until(lambda: not running.writing, 20)
            assert client.get("/reps?format=csv").status_code == 503


def test_an_export_has_more_time_than_other_requests_and_an_end(
    both: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = xlsx._Workbook.end

    def slowly(self: Any, facts: Any) -> None:
        time.sleep(1)
        end(self, facts)

    monkeypatch.setattr(xlsx._Workbook, "end", slowly)
    hurried = build(replace(both.platform, limits=Limits(request=0.5)))
    with Asking(hurried, headers=both.client.headers) as client:
        assert client.get("/reps?format=xlsx").status_code == 200
        monkeypatch.setattr(exports, "LONGEST", 0.2)
        answer = client.get("/reps?format=xlsx")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/timed-out")
        until(lambda: not hurried.state.exports.writing)
        assert hurried.state.exports.open == 0
