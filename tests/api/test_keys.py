"""Who has no living key sees nothing, and what he did bears his name."""

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from infra import keys
from infra.keys import BadName, Keys


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
    monkeypatch.setattr(keys, "REMEMBERED", 0.0)
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
def test_a_name_is_short_and_plain(api: Any, name: str) -> None:
    with pytest.raises(BadName, match="use 1 to 64"):
        Keys(api.platform.database).new(name)


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer ", "dk_x"])
def test_no_other_scheme_passes(api: Any, header: str) -> None:
    answer = api.client.get("/funnel", headers={"Authorization": header})
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

    monkeypatch.setattr(Keys, "actor", broken)
    quiet = TestClient(api.client.app, raise_server_exceptions=False)
    answer = quiet.get("/status", headers={"Authorization": "Bearer dk_never_seen"})
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert answer.headers["retry-after"] == "1"
