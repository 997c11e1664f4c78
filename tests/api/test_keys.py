"""Who has no living key sees nothing, and what he did bears his name."""

from typing import Any

import pytest
from asking import Asking
from sqlalchemy.exc import OperationalError

from infra import keys
from infra.keys import BadName, Keys
from services.api import credentials


def with_key(api: Any, key: str) -> Any:
    return api.client.get("/status", headers={"Authorization": f"Bearer {key}"})


def test_a_key_is_stored_as_its_digest_alone(both: Any) -> None:
    key = Keys(both.platform.database).new("ann")
    assert key.startswith("dk_")
    assert len(key) == 46
    with both.platform.database.read() as connection:
        stored = str(connection.execute(keys.api_keys.select()).all())
    assert key not in stored


def test_a_revoked_key_is_dead_within_seconds(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "REMEMBERED", 0.0)
    others = Keys(api.platform.database)
    key = others.new("ann")
    assert with_key(api, key).status_code == 200
    assert others.revoke("ann") == 1
    assert with_key(api, key).status_code == 401
    assert others.revoke("ann") == 0


def test_a_name_may_have_two_keys_while_one_is_replaced(api: Any) -> None:
    mine = Keys(api.platform.database)
    old, new = mine.new("ann"), mine.new("ann")
    assert old != new
    assert [with_key(api, key).status_code for key in (old, new)] == [200, 200]
    assert mine.revoke("ann") == 2


def test_the_actor_is_the_name_of_the_key(api: Any) -> None:
    api.client.headers["Authorization"] = f"Bearer {Keys(api.platform.database).new('bob@shop')}"
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    assert api.get("/events/1")["actor"] == "bob@shop"


@pytest.mark.parametrize("name", ["", "a b", "-a", "x" * 65, "a\n"])
def test_a_name_is_short_and_plain(company: Any, name: str) -> None:
    with pytest.raises(BadName, match="use 1 to 64"):
        Keys(company.platform.database).new(name)


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer ", "dk_x"])
def test_no_other_scheme_passes(company: Any, header: str) -> None:
    answer = company.client.get("/funnel", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_probes_and_documents_are_open(api: Any) -> None:
    for path in ("/", "/livez", "/readyz", "/docs", "/openapi.json"):
        assert api.client.get(path, headers={"Authorization": ""}).status_code == 200


def test_who_cannot_be_looked_up_is_told_to_come_again(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(Keys, "find", broken)
    quiet = Asking(api.client.app, raise_server_exceptions=False)
    answer = quiet.get("/status", headers={"Authorization": "Bearer dk_never_seen"})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert answer.headers["retry-after"] == "1"


def test_a_key_is_dead_at_its_end(both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Keys(both.platform.database)
    key = mine.new("ann", days=1)
    assert with_key(both, key).status_code == 200
    monkeypatch.setattr(credentials, "REMEMBERED", 0.0)
    with both.platform.database.write() as connection:
        connection.execute(keys.api_keys.update().values(ends_at=1))
    assert mine.find(key) is None
    assert with_key(both, mine.new("ann")).status_code == 200


def test_keys_are_made_listed_and_revoked_over_the_api(both: Any) -> None:
    asked = {"account": "till", "label": "till 3", "days": 30, "scopes": ["operate:*"]}
    made = both.client.post("/keys", json=asked)
    assert made.status_code == 201, made.text
    key, name = made.json()["key"], made.json()["id"]
    assert with_key(both, key).status_code == 200
    listed = both.get("/keys", account="till")["data"]
    assert [(one["id"], one["label"], one["scopes"]) for one in listed] == [
        (name, "till 3", ["operate:*"])
    ]
    assert key not in str(listed)
    assert listed[0]["ends_at"] > listed[0]["created_at"]
    assert both.client.delete(f"/keys/{name}").status_code == 204
    assert with_key(both, key).status_code == 401
    again = both.client.delete(f"/keys/{name}")
    assert (again.status_code, name in again.json()["detail"]) == (404, True)


def test_a_key_without_an_account_is_ones_own(api: Any) -> None:
    assert api.client.post("/keys", json={}).json()["account"] == "tester"


@pytest.mark.parametrize(
    "asked",
    [
        {"account": "a b"},
        {"days": 0},
        {"days": "3"},
        {"scopes": [""]},
        {"scopes": ["all"]},
        {"x": 1},
    ],
)
def test_a_key_that_cannot_be_is_not_made(company: Any, asked: dict[str, Any]) -> None:
    answer = company.client.post("/keys", json=asked)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-body")


def test_the_last_use_of_a_key_is_written_behind_the_requests(both: Any) -> None:
    made = both.client.post("/keys", json={"account": "till"}).json()
    with_key(both, made["key"])
    used = [one["last_used_at"] for one in both.get("/keys", account="till")["data"]]
    assert used == [None]
    both.client.app.state.credentials.keep()
    first = both.get("/keys", account="till")["data"][0]["last_used_at"]
    assert first is not None
    Keys(both.platform.database).used([made["id"]])
    assert both.get("/keys", account="till")["data"][0]["last_used_at"] == first


def test_a_key_that_is_older_than_its_columns_stays_good(both: Any) -> None:
    """As the tables were before keys had ends, labels and scopes."""
    mine = Keys(both.platform.database)
    key = mine.new("ann")
    with both.platform.database.write() as connection:
        connection.exec_driver_sql("DROP INDEX api_keys_id")
        for name in ("id", "label", "scopes", "ends_at", "last_used_at"):
            connection.exec_driver_sql(f"ALTER TABLE api_keys DROP COLUMN {name}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0010'")
    both.platform.prepare()
    assert with_key(both, key).status_code == 200
    [found] = [one for one in mine.every("ann") if one.lives(1)]
    assert (found.id, found.scopes, found.ends_at) == (keys.id_of(key), None, None)
    assert mine.revoke_one(found.id)


def test_a_key_may_do_what_its_scopes_name_and_its_account_may(both: Any) -> None:
    scopes = ["command:organisation/hire-rep", "read:organisation/*", "operate:keys@all"]
    made = both.client.post("/keys", json={"account": "tester", "scopes": scopes}).json()["key"]
    narrow = {"Authorization": f"Bearer {made}", "Idempotency-Key": "n"}

    def status(method: str, path: str, body: Any = None) -> tuple[int, str]:
        answer = both.client.request(method, path, json=body, headers=narrow)
        return answer.status_code, answer.json().get("type", "").removeprefix("/problems/")

    li = {"id": "li", "name": "Li", "department": "east", "region": "shanghai"}
    assert status("POST", "/commands/hire-rep", li)[0] == 201
    assert status("GET", "/reps")[0] == status("GET", "/keys")[0] == 200
    beyond = 403, "beyond-the-key"
    assert status("POST", "/commands/receive-stock", {}) == beyond
    assert status("POST", "/commands", []) == beyond
    assert status("POST", "/imports?command=hire-rep&name=x", []) == beyond
    assert status("POST", "/keys", {}) == beyond
    assert status("POST", "/keys", {"scopes": ["read:orders/*"]}) == beyond
    assert status("POST", "/keys", {"scopes": ["read:organisation/reps"]})[0] == 201
    for path in ("/stock", "/orders", "/status", "/access-log"):
        assert status("GET", path) == (403, "forbidden"), path


def test_a_key_of_an_account_that_may_little_may_no_more(both: Any) -> None:
    both.done("open-account", id="tester")
    both.done("open-account", id="till")
    made = both.client.post("/keys", json={"account": "till", "scopes": ["read:orders/*"]})
    headers = {"Authorization": f"Bearer {made.json()['key']}"}
    assert both.client.get("/orders", headers=headers).status_code == 403


def as_key(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def li(both: Any) -> dict[str, str]:
    """The headers of an account that may keep no keys of others; `tester` owns all."""
    both.done("open-account", id="tester")
    both.done("open-account", id="li")
    both.done("grant-role", id="li", role="clerk", everything=True)
    return as_key(Keys(both.platform.database).new("li"))


def test_people_make_list_and_revoke_keys_for_themselves(both: Any, li: dict[str, str]) -> None:
    made = both.client.post("/keys", json={"label": "mine", "scopes": ["read:*/*"]}, headers=li)
    assert (made.status_code, made.json()["account"]) == (201, "li")
    listed = both.client.get("/keys", headers=li).json()["data"]
    assert {one["account"] for one in listed} == {"li"}
    assert len(listed) == 2
    headers = as_key(made.json()["key"])
    assert both.client.get("/orders", headers=headers).status_code == 200
    assert both.client.get("/accounts", headers=headers).status_code == 403
    assert both.client.delete(f"/keys/{made.json()['id']}", headers=li).status_code == 204


def test_keys_of_others_are_kept_by_whom_it_is_granted(both: Any, li: dict[str, str]) -> None:
    other = both.client.post("/keys", json={"account": "tester"}).json()
    for answer in (
        both.client.post("/keys", json={"account": "tester"}, headers=li),
        both.client.get("/keys", params={"account": "tester"}, headers=li),
    ):
        assert (answer.status_code, answer.json()["action"]) == (403, "operate:keys")
    hidden = both.client.delete(f"/keys/{other['id']}", headers=li)
    unknown = both.client.delete(f"/keys/{'0' * 16}", headers=li)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text.replace(other["id"], "") == unknown.text.replace("0" * 16, "")
    assert with_key(both, other["key"]).status_code == 200


def test_a_narrowed_key_keeps_none_unless_it_is_in_its_scopes(
    both: Any, li: dict[str, str]
) -> None:
    made = both.client.post("/keys", json={"scopes": ["read:*/*"]}, headers=li).json()
    narrow = as_key(made["key"])
    for answer in (
        both.client.get("/keys", headers=narrow),
        both.client.post("/keys", json={"scopes": ["read:*/*"]}, headers=narrow),
        both.client.delete(f"/keys/{made['id']}", headers=narrow),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/beyond-the-key")


def test_a_key_makes_none_that_outlives_it(both: Any, li: dict[str, str]) -> None:
    short = as_key(both.client.post("/keys", json={"days": 3}, headers=li).json()["key"])
    for asked in ({}, {"days": 3}, {"days": 30}):
        answer = both.client.post("/keys", json=asked, headers=short)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/beyond-the-key")
        assert '"days": 2' in answer.json()["detail"]
    assert both.client.post("/keys", json={"days": 2}, headers=short).status_code == 201
