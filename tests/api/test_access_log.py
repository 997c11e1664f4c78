"""What belongs to signing in is noted in a log of its own, whose rows nobody changes unseen."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from infra import access_log
from infra.access_log import AccessLog
from infra.access_rows import BrokenChain, verify


def checked(api: Any) -> int:
    with api.platform.database.read() as connection:
        return verify(connection)[0]


def notes(api: Any, **asked: Any) -> list[dict[str, Any]]:
    api.client.app.state.access_log.flush()
    found: list[dict[str, Any]] = api.get("/access-log", **asked)["data"]
    return found


def test_making_and_revoking_a_key_is_noted(both: Any) -> None:
    made = both.client.post("/keys", json={"account": "till"}).json()
    both.client.delete(f"/keys/{made['id']}")
    found = notes(both)
    assert [(one["kind"], one["actor"]) for one in found] == [
        ("key-revoked", "tester"),
        ("key-made", "tester"),
    ]
    told = {"about": ["account-till"], "account": "till", "id": made["id"]}
    assert found[0]["detail"] == told
    assert made["key"] not in str(found)
    assert checked(both) == 2


def test_the_log_is_paged_and_filtered(both: Any) -> None:
    log = both.client.app.state.access_log
    for number in range(5):
        log.note("signed-in", f"ann-{number % 2}", {"n": number}, address="10.0.0.9")
    log.note("signed-out", "ann-0", {"n": 5})
    log.flush()
    pages = list(both.pages("/access-log", limit=4))
    assert [[one["detail"]["n"] for one in page] for page in pages] == [[5, 4, 3, 2], [1, 0]]
    assert [one["number"] for one in notes(both, actor="ann-0")] == [6, 5, 3, 1]
    assert [one["number"] for one in notes(both, kind=["signed-out"])] == [6]
    assert len(notes(both, address="10.0.0.9")) == 5
    assert notes(both, until="2020-01-01T00:00:00Z") == []
    assert notes(both, since="2100-01-01T00:00:00Z") == []


def test_several_processes_write_one_chain(both: Any) -> None:
    logs = [AccessLog(both.platform.database) for _ in range(4)]

    def write(log: AccessLog) -> None:
        for number in range(10):
            log.note("signed-in", "ann", {"n": number})
            log.flush()

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(write, logs))
    assert checked(both) == 40


@pytest.mark.parametrize(
    "done",
    [
        "UPDATE access_log SET actor = 'bob' WHERE number = 2",
        "UPDATE access_log SET detail = '{}' WHERE number = 2",
        "DELETE FROM access_log WHERE number = 2",
        "DELETE FROM access_log WHERE number = 1",
        "UPDATE access_log SET number = 9 WHERE number = 3",
        "DELETE FROM access_log_about WHERE number = 2",
        "INSERT INTO access_log_about VALUES ('account-bob', 2)",
        "INSERT INTO access_log_about VALUES ('account-ann', 7)",
    ],
)
def test_a_row_that_was_changed_or_removed_is_found(both: Any, done: str) -> None:
    log = AccessLog(both.platform.database)
    for number in range(3):
        log.note("signed-in", "ann", {"n": number}, about=["account-ann"])
    assert checked(both) == 3
    with both.platform.database.write() as connection:
        connection.exec_driver_sql(done)
    with pytest.raises(BrokenChain):
        checked(both)


def test_what_cannot_be_written_waits_and_what_is_too_much_is_counted(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "MOST_WAITING", 3)
    log = AccessLog(api.platform.database)

    def broken(*_: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("gone"))

    with monkeypatch.context() as patched:
        patched.setattr(access_log, "append", broken)
        for number in range(5):
            log.note("signed-in", "ann", {"n": number})
            log.flush()
    log.flush()
    found = notes(api)
    assert [one["kind"] for one in found] == ["notes-lost", *["signed-in"] * 3]
    assert [one["detail"] for one in found] == [{"count": 2}, {"n": 2}, {"n": 1}, {"n": 0}]


def test_a_note_is_kept_whatever_it_says(both: Any) -> None:
    both.client.app.state.access_log.note(
        "x", "a\x00\ud800", {"odd": "\x00", "of": object}, address="y" * 999
    )
    [found] = notes(both)
    assert found["actor"] == "a\ufffd?"
    assert found["detail"] == {"odd": "\x00", "of": "<class 'object'>"}
    assert len(found["address"]) == 200
    assert checked(both) == 1
