"""One click signs in to the demo company, on the machine that it runs on, and nowhere else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from asking import Asking

from infra.settings import Settings
from services import standalone
from services.api.app import build

from .conftest import Api

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def demo(api: Api) -> Iterator[Asking]:
    """The platform of the test, offered as that of the demo company."""
    api.done("open-account", id="owner")
    with Asking(build(api.platform, demo=True), base_url=HERE) as client:
        yield client


def test_a_click_begins_a_session_with_the_rights_of_the_account(demo: Asking) -> None:
    people = demo.get("/sessions/demo").json()["data"]
    assert people[0] == {"account": "owner", "name": "老板 Owner", "role": "owner"}
    assert {"s-gao", "r-chen", "d-01-user"} <= {one["account"] for one in people}
    begun = demo.post("/sessions/demo", json={"account": "owner"})
    assert begun.status_code == 201
    token = begun.json()["csrf_token"]
    assert demo.get("/sessions/current").json()["account"] == "owner"
    headers = {"X-CSRF-Token": token, "Idempotency-Key": "one"}
    unit = {"id": "box", "name": "Box"}
    assert demo.post("/commands/register-unit", json=unit, headers=headers).status_code == 201


def test_nobody_but_people_of_the_demo_can_be_signed_in_as(demo: Asking) -> None:
    assert demo.post("/sessions/demo", json={"account": "tester"}).status_code == 404


def test_a_page_of_another_site_signs_nobody_in(demo: Asking) -> None:
    body, other = {"account": "owner"}, "http://elsewhere.example"
    foreign = demo.post("/sessions/demo", json=body, headers={"Origin": other})
    assert foreign.json()["type"] == "/problems/foreign-origin"
    rebound = demo.post("/sessions/demo", json=body, headers={"Host": "elsewhere.example"})
    assert rebound.status_code == 404
    listed = demo.get("/sessions/demo", headers={"Host": "elsewhere.example"})
    assert listed.json() == {"data": []}


def test_no_other_platform_offers_it(api: Api) -> None:
    assert api.get("/sessions/demo") == {"data": []}
    assert api.client.post("/sessions/demo", json={"account": "owner"}).status_code == 404


def test_a_platform_that_others_can_reach_is_no_demo(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standalone.people, "is_loaded", lambda _: True)
    assert standalone._is_demo(api.platform)
    assert not standalone._is_demo(replace(api.platform, settings=Settings(host="0.0.0.0")))


def test_a_company_of_ones_own_is_no_demo(api: Api) -> None:
    api.done("register-department", id="sales", name="Sales")
    assert not standalone.people.is_loaded(api.platform)
