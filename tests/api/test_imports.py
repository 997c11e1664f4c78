"""A file that was sent is worked on behind the answer, by one process at a time, to its end."""

import csv
from io import StringIO
from typing import Any

import pytest
from api.conftest import Api
from httpx2 import Response
from pace import limit
from waiting import until

REPS = "编号,姓名,department\nr1,李雷,sales\nr2,韩梅梅,sales\n"
HOW = {"command": "hire-rep", "name": "reps.csv", "map": "姓名=name", "set": "region=east"}


def send(
    api: Api, file: str | bytes = REPS, key: str = "k", why: str | None = None, **how: str
) -> Response:
    headers = {"Idempotency-Key": key, "Content-Type": "text/csv"}
    headers |= {"Request-Reason": why} if why else {}
    content = file.encode() if isinstance(file, str) else file
    return api.client.post("/imports", params=HOW | how, content=content, headers=headers)


def ended(api: Api, answer: Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]
    until(
        lambda: api.get(place)["ended_at"] is not None, limit(20), progress=lambda: api.get(place)
    )
    return api.get(place)


def test_a_file_is_imported_behind_the_answer(both: Api) -> None:
    found = ended(both, send(both))
    assert (found["state"], found["accepted"], found["events"]) == ("done", 2, 2)
    events = both.get("/events")["data"]
    assert {event["correlation_id"] for event in events} == {f"import:{found['id']}"}
    assert {event["actor"] for event in events} == {"tester"}
    again = ended(both, send(both, key="another"))
    assert (again["accepted"], again["repeated"]) == (0, 2)
    assert [one["id"] for one in both.get("/imports")["data"]] == [again["id"], found["id"]]


def test_one_key_is_one_import_for_ever(api: Api) -> None:
    first, second = send(api), send(api)
    assert first.json()["id"] == second.json()["id"]
    other = send(api, REPS.replace("r2", "r3"))
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


def test_every_bad_row_is_told_and_nothing_is_taken(api: Api) -> None:
    found = ended(api, send(api, REPS.replace("r1", "r 1").replace("韩梅梅", "")))
    assert (found["state"], found["invalid"], found["events"]) == ("failed", 2, 0)
    told = [(fault["row"], fault["column"]) for fault in found["faults"]]
    assert told == [(2, "编号"), (3, "姓名")]
    chinese = api.client.get(f"/imports/{found['id']}", headers={"Accept-Language": "zh-CN"})
    assert chinese.json()["faults"][1]["message"] == "此项必填"


def test_a_dry_run_takes_nothing(api: Api) -> None:
    found = ended(api, send(api, dry_run="true"))
    assert (found["state"], found["total"], found["events"]) == ("done", 2, 0)
    assert api.get("/events")["data"] == []


def test_refused_rows_come_back_as_a_file(api: Api) -> None:
    ended(api, send(api))
    how = {"command": "dismiss-rep", "name": "left.csv", "set": "reason=left", "map": "no=id"}
    found = ended(api, send(api, "no\nr1\nr9\n", key="left", **how))
    assert (found["accepted"], found["refused"]) == (1, 1)
    place = f"/imports/{found['id']}/refused"
    answer = api.client.get(place, headers={"Accept": "text/csv"})
    (row,) = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
    assert (row["no"], row["refused rule"]) == ("r9", "Unknown")


def test_what_cannot_be_read_says_why(api: Api) -> None:
    found = ended(api, send(api, b"id,name\nr\0"))
    assert found["state"] == "failed"
    assert "NUL" in found["faults"][0]["message"]
    found = ended(api, send(api, key="other", set="regoin=east"))
    assert any("Did you mean region?" in fault["message"] for fault in found["faults"])


@pytest.mark.parametrize(
    ("how", "status", "slug"),
    [
        ({"command": "hire-reps"}, 422, "unknown-command"),
        ({"map": "name"}, 400, "invalid-parameter"),
        ({"maps": "name"}, 400, "unknown-parameter"),
        ({"expected": "some"}, 400, "invalid-parameter"),
    ],
)
def test_what_cannot_be_asked_is_a_problem(
    api: Api, how: dict[str, str], status: int, slug: str
) -> None:
    answer = send(api, **how)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


def test_a_body_that_is_no_table_is_a_problem(api: Api) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = api.client.post("/imports", params=HOW, json={}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/no-table")
    assert api.client.get("/imports/0/refused").status_code == 404
    assert api.client.get("/imports/0").status_code == 404
