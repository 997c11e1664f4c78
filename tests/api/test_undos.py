"""An import is taken back behind the answer: all of it, or it is said what stays and why."""

from typing import Any

from api.conftest import Api
from api.test_imports import ended, send
from pace import limit
from waiting import until

HOW = {"command": "receive-stock", "name": "receipts.csv", "set": "location=WH", "map": "no=item"}
FILE = "no,quantity,reference\nP1,10,DN-1\nP2,5,DN-1\n"


def imported(api: Api) -> str:
    found = ended(api, send(api, FILE, **HOW))
    assert found["accepted"] == 2
    return str(found["id"])


def undone(api: Api, id: str, **how: str) -> dict[str, Any]:
    answer = api.client.post(f"/imports/{id}/undo", params=how)
    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]
    until(lambda: api.get(place)["ended_at"] is not None, limit(20))
    return api.get(place)


def test_an_import_is_taken_back_whole(both: Api) -> None:
    name = imported(both)
    found = undone(both, name)
    assert (found["state"], found["undone"], found["kept"]) == ("done", 2, [])
    assert both.get(f"/imports/{name}")["state"] == "undone"
    events = both.get("/events")["data"]
    taken_back = [event for event in events if event["type"] == "StockReversed"]
    assert {event["correlation_id"] for event in taken_back} == {f"undo:{name}"}
    assert {event["actor"] for event in taken_back} == {"tester"}
    again = undone(both, name)
    assert (again["state"], again["undone"]) == ("done", 2)
    assert both.get("/events")["data"] == events


def test_where_part_of_it_must_stay_nothing_is_taken_back_unless_asked_for(both: Api) -> None:
    name = imported(both)
    what = {"location": "WH", "item": "P1", "quantity": 9, "reference": "S-1"}
    both.done("issue-stock", reason="sample", **what)
    found = undone(both, name)
    assert (found["state"], found["undone"], found["stay"]) == ("kept", 0, 1)
    assert found["kept"][0]["stream"] == "stock-WH:P1"
    place = f"/imports/{name}/undo"
    chinese = both.client.get(place, headers={"Accept-Language": "zh-CN"}).json()
    assert chinese["kept"][0]["message"].endswith("。")
    partly = undone(both, name, partial="true")
    assert (partly["state"], partly["undone"], partly["stay"]) == ("kept", 1, 1)
    assert both.get(f"/imports/{name}")["state"] == "done"


def test_what_cannot_be_undone_is_a_problem(api: Api) -> None:
    assert api.client.post("/imports/0/undo").status_code == 404
    assert api.client.get("/imports/0/undo").status_code == 404
    api.done("hire-rep", id="r1", name="Li", department="sales", region="east")
    how = {"command": "move-rep", "set": "region=west", "map": "no=id"}
    moved = ended(api, send(api, "no,department\nr1,sales\n", **how))
    answer = api.client.post(f"/imports/{moved['id']}/undo")
    assert (answer.status_code, answer.json()["refusal"]) == (409, "CannotBeUndone")
    assert "Nothing takes move-rep back" in answer.json()["detail"]
    assert api.client.post(f"/imports/{moved['id']}/undo?partly=true").status_code == 400
