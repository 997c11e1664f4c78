"""Whoever is refused, changes rights, exports or reads of persons is noted, and by what."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_live import received

from infra import access_log
from infra.access_log import AccessLog
from infra.access_rows import verify


@pytest.fixture
def company(both: Any) -> Company:
    made = Company(both)
    both.done("add-contact", id="D-li", contact="a", name="Zhao", phone="100")
    both.done("enrol-member", id="m1", name="Sun", phone="200", dealer="D-li")
    both.feed()
    return made


def get(company: Company, actor: str, path: str, **params: Any) -> Any:
    headers = {"Authorization": f"Bearer {company.key(actor)}"}
    return company.api.client.get(path, params=params, headers=headers)


def notes(company: Company, kind: str, **asked: Any) -> list[dict[str, Any]]:
    """Of that kind, the latest first."""
    company.api.platform.access_log.flush()
    found: list[dict[str, Any]] = company.api.get("/access-log", kind=kind, **asked)["data"]
    return found


def test_who_is_forbidden_something_is_noted_with_what_it_was(company: Company) -> None:
    get(company, "li", "/members")
    [note] = notes(company, "refused", actor="li")
    assert note["detail"] == {
        "method": "GET",
        "path": "/members",
        "problem": "forbidden",
        "action": "read:loyalty/members",
    }
    assert note["address"] == "testclient"


@pytest.mark.parametrize("tail", ["", "/history", "/timeline", "/at/1"])
def test_who_asks_for_what_is_hidden_is_noted_and_who_asks_for_nothing_is_not(
    company: Company, tail: str
) -> None:
    get(company, "li", f"/customers/D-xx{tail}")
    get(company, "li", f"/customers/D-wu{tail}")
    [note] = notes(company, "refused", about="customer-D-wu")
    assert (note["actor"], note["detail"]["problem"]) == ("li", "not-found")
    assert len(notes(company, "refused")) == 1


def test_hidden_events_and_streams_are_noted_as_well(company: Company) -> None:
    position = company.api.get("/streams/customer-D-wu")["events"][0]["position"]
    get(company, "li", f"/events/{position}")
    assert len(notes(company, "refused", about="customer-D-wu")) == 1
    get(company, "wu", "/streams/customer-D-li")
    get(company, "wu", "/streams/customer-D-xx")
    assert [note["actor"] for note in notes(company, "refused")] == ["wu", "li"]


def test_a_key_that_may_not_is_noted(company: Company) -> None:
    made = company.api.client.post("/keys", json={"account": "li", "scopes": ["read:orders/*"]})
    headers = {"Authorization": f"Bearer {made.json()['key']}"}
    company.api.client.post("/commands/draft-order", json={}, headers=headers)
    [note] = notes(company, "refused")
    assert note["detail"]["action"] == "command:orders/draft-order"
    assert note["detail"]["problem"] == "beyond-the-key"


def test_a_command_that_rights_refuse_is_noted_once(company: Company) -> None:
    company.ask("li", "register-department", id="x", name="X")
    company.ask("li", "add-contact", id="D-wu", contact="b", name="Qian")
    found = notes(company, "command-refused")
    assert [(one["detail"]["command"], one["detail"]["refusal"]) for one in found] == [
        ("add-contact", "OutOfScope"),
        ("register-department", "Forbidden"),
    ]
    assert found[0]["detail"]["about"] == ["customer-D-wu"]
    assert "Qian" not in str(found)
    assert notes(company, "refused") == []


def test_a_row_of_a_batch_that_rights_refuse_is_noted(company: Company) -> None:
    rows = [{"command": "register-department", "body": {"id": "x", "name": "X"}}]
    headers = {"Authorization": f"Bearer {company.key('li')}", "Idempotency-Key": "many"}
    answer = company.api.client.post("/commands", json=rows, headers=headers)
    assert answer.json()["failed"] == 1
    [note] = notes(company, "command-refused")
    assert note["detail"]["command_id"] == "many:0"


def test_every_change_of_rights_is_noted_with_who_made_it(company: Company) -> None:
    company.api.done("register-role", id="reader", name="Reads", grants="read:catalog/*")
    company.api.done("grant-role", id="li", role="reader", departments=["east"])
    company.api.done("revoke-role", id="li", role="reader", reason="done")
    found = notes(company, "rights-changed")[:3]
    assert [one["detail"]["command"] for one in found] == [
        "revoke-role",
        "grant-role",
        "register-role",
    ]
    assert found[1]["detail"]["fields"] == {"id": "li", "role": "reader", "departments": ["east"]}
    assert {one["actor"] for one in found} == {"tester"}
    about = notes(company, "rights-changed", about="account-li")
    assert [one["detail"]["command"] for one in about] == [
        "revoke-role",
        "grant-role",
        "grant-role",
        "open-account",
    ]


def test_an_export_is_noted_with_its_rows_and_its_digest(company: Company) -> None:
    file = get(company, "li", "/customers", format="csv", owner="li")
    [note] = notes(company, "exported")
    manifest = company.api.get(f"/exports/{file.headers['X-Export-Id']}/manifest")
    assert note["actor"] == "li"
    assert note["detail"] == {
        name: manifest[name]
        for name in ("id", "what", "parameters", "format", "state", "position", "rows", "sha256")
    }
    assert (note["detail"]["state"], note["detail"]["rows"]) == ("complete", 1)
    [read] = notes(company, "personal-read", about="customer-D-li", actor="li")
    assert read["detail"]["path"] == "/customers"


def test_what_is_read_of_persons_is_one_note_a_request(company: Company) -> None:
    get(company, "tester", "/members")
    [note] = notes(company, "personal-read")
    assert note["detail"] == {
        "path": "/members",
        "query": "",
        "count": {"member": 1},
        "about": ["member-m1"],
    }
    for path in (
        "/customers/D-li",
        "/customers/D-li/at/2",
        "/customers/D-li/history",
        "/customers/D-li/timeline",
        "/streams/customer-D-li",
        "/events",
    ):
        get(company, "mei", path, **({"kind": "customer"} if path == "/events" else {}))
        [read] = notes(company, "personal-read", actor="mei", limit=1)
        assert read["detail"]["path"] == path
        assert read["detail"]["about"] == ["customer-D-li"]


def test_names_of_persons_beside_ids_are_read_as_well(company: Company) -> None:
    get(company, "mei", "/customers", expand="names", fields="id,owner", id="D-wu")
    [note] = notes(company, "personal-read", actor="mei")
    assert note["detail"]["about"] == ["rep-wu"]


def test_who_reads_nothing_of_persons_is_not_noted(company: Company) -> None:
    get(company, "mei", "/customers", fields="id,name")
    get(company, "mei", "/customers/D-wu")  # has no contacts
    get(company, "mei", "/departments")
    company.api.done("register-role", id="plain", name="Plain", grants="read:loyalty/*@all")
    company.api.done("open-account", id="he")
    company.api.done("grant-role", id="he", role="plain", everything=True)
    get(company, "he", "/members")
    assert notes(company, "personal-read") == []


def test_an_open_stream_is_noted_and_whom_it_told_of(company: Company) -> None:
    with company.api.listening() as (client, _):
        received(client, 1, params={"after": 0, "kind": "member"})
    [opened] = notes(company, "stream-opened")
    assert opened["detail"] == {"filters": {"kind": ["member"]}, "after": 0}
    [read] = notes(company, "personal-read")
    assert read["detail"]["about"] == ["member-m1"]


def test_a_flood_of_equal_refusals_becomes_a_count(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = {"Authorization": f"Bearer {company.key('li')}"}
    for number in range(200):
        company.api.client.get(f"/members/m{number}", headers=key)
        company.ask("li", "add-contact", id="D-wu", contact=f"c{number % 5}", name="Q")
    get(company, "wu", "/members")
    assert len(notes(company, "refused", actor="li")) == 1
    monkeypatch.setattr(access_log, "WITHIN", 0)
    found = notes(company, "refused", actor="li")
    assert [one["detail"].get("times") for one in found] == [199, None]
    [counted, _] = notes(company, "command-refused", actor="li")
    assert counted["detail"]["times"] == 199
    assert counted["detail"]["about"] == ["customer-D-wu"]
    assert len(notes(company, "refused", actor="wu")) == 1
    with company.api.platform.database.read() as connection:
        verify(connection)


def test_what_was_only_counted_is_written_at_the_end(api: Any) -> None:
    log = AccessLog(api.platform.database)
    for number in range(300):
        log.note("refused", "li", {"n": number}, about=[f"order-{number}"], folded_by="li")
    log.stop(0)
    [counted, first] = api.get("/access-log")["data"]
    assert (counted["detail"]["times"], counted["detail"]["n"]) == (299, 0)
    assert len(counted["detail"]["about"]) == 100
    assert first["detail"] == {"n": 0, "about": ["order-0"]}


def test_notes_that_are_lost_are_told_in_the_status_and_the_metrics(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert api.get("/status")["access_notes"] == {"waiting": 0, "lost": 0}
    monkeypatch.setattr(access_log, "MOST_WAITING", 0)
    api.platform.access_log.note("signed-in", "ann")
    assert api.get("/status")["access_notes"]["lost"] == 1
    assert "distributary_access_notes_lost_total 1.0" in api.client.get("/metrics").text


def test_only_auditors_and_owners_read_the_log(company: Company) -> None:
    company.api.done("open-account", id="shen")
    company.api.done("grant-role", id="shen", role="auditor", everything=True)
    assert get(company, "shen", "/access-log").status_code == 200
    assert get(company, "tester", "/access-log").status_code == 200
    for actor in ("li", "mei", "shop"):
        assert get(company, actor, "/access-log").status_code == 403


def test_a_manifest_is_for_who_made_the_export_and_for_auditors(company: Company) -> None:
    file = get(company, "li", "/customers", format="csv")
    path = f"/exports/{file.headers['X-Export-Id']}/manifest"
    assert get(company, "li", path).status_code == 200
    assert get(company, "tester", path).status_code == 200
    hidden, unknown = (get(company, "wu", one) for one in (path, "/exports/0-0/manifest"))
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    [note] = notes(company, "refused", actor="wu")
    assert note["detail"]["path"] == path


def test_the_values_of_a_personal_field_are_noted_where_they_are_facets(company: Company) -> None:
    answer = get(company, "tester", "/members", facets="name,dealer", fields="id")
    assert answer.status_code == 200, answer.text
    [note] = notes(company, "personal-read")
    assert note["detail"] == {
        "path": "/members",
        "query": "facets=name%2Cdealer&fields=id",
        "count": {"member": 1},
        "facets": ["name"],
    }
