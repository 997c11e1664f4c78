"""Sales methods: the type of a deal says its stages and tasks, which may keep it where it is."""

from typing import Any

import pytest
from virtual_days import driver

STAGES: list[dict[str, Any]] = [
    {
        "stage": "survey",
        "probability_bp": 2_000,
        "tasks": [
            {"stage_task": "visit", "title": "Visit the site"},
            {"stage_task": "budget", "title": "Know the budget", "milestone": True},
        ],
    },
    {
        "stage": "trial",
        "probability_bp": 6_000,
        "tasks": [{"stage_task": "tasting", "title": "Hold a tasting", "milestone": True}],
    },
    {"stage": "contract", "probability_bp": 9_000},
]


def opened(api: Any, gate: str = "strict") -> None:
    api.done("hire-rep", id="li", name="Li", department="east", region="sh")
    api.done("register-customer", id="C1", name="C1", customer_kind="retailer", owner="li")
    api.done("define-pipeline", id="project", stages=STAGES, gate=gate)
    types = [{"deal_type": "canteen", "pipeline": "project"}]
    values = {"types": [*types, {"deal_type": "shop", "pipeline": "standard"}]}
    api.done("change-settings", id="opportunities.deal_types", values=values, reason="2 methods")
    deal = {"customer": "C1", "title": "Canteen", "amount": 900, "currency": "CNY"}
    api.done("open-opportunity", id="D1", deal_type="canteen", **deal)


def seen(api: Any) -> dict[str, Any]:
    running = driver(api)
    while running.step():
        pass
    assert not running.troubles
    api.feed()
    found: dict[str, Any] = api.get("/opportunities/D1")["data"]
    return found


def moves(api: Any) -> list[tuple[str, str | None]]:
    events = api.get("/events", type="OpportunityAdvanced")["data"]
    return [(one["data"]["stage"], one["data"]["milestone"]) for one in events]


@pytest.mark.capability("OP-03")
def test_the_type_of_a_deal_picks_its_stages_probabilities_and_tasks(api: Any) -> None:
    opened(api)
    deal = seen(api)
    assert (deal["deal_type"], deal["pipeline"], deal["stage"]) == ("canteen", "project", "survey")
    assert [(one["stage"], one["stage_task"], one["done"]) for one in deal["tasks"]] == [
        ("survey", "visit", False),
        ("survey", "budget", False),
        ("trial", "tasting", False),
    ]
    (event,) = api.get("/events", type="OpportunityOpened")["data"]
    assert event["data"]["probabilities"] == [2_000, 6_000, 9_000]
    assert event["data"]["settings"] == "opportunities.deal_types:1"
    other = {"customer": "C1", "title": "Shop", "amount": 1, "currency": "CNY"}
    api.done("open-opportunity", id="D2", deal_type="shop", **other)
    api.feed()
    assert api.get("/opportunities/D2")["data"]["tasks"] == []
    refused = api.ask("open-opportunity", id="D3", deal_type="boat", **other)
    assert refused.status_code == 409
    assert "canteen, shop" in refused.json()["detail"]


@pytest.mark.capability("OP-04")
def test_a_strict_stage_is_not_passed_while_its_tasks_are_open(api: Any) -> None:
    opened(api)
    for stage, left in (("trial", ["visit", "budget"]), ("contract", ["visit", "tasting"])):
        refused = api.ask("advance-opportunity", id="D1", stage=stage)
        assert (refused.status_code, refused.json()["refusal"]) == (409, "StageTasksOpen")
        assert all(task in refused.json()["detail"] for task in left)
    assert api.ask("win-opportunity", id="D1").status_code == 409
    for task in ("visit", "budget"):
        api.done("complete-stage-task", id="D1", stage_task=task)
    api.done("advance-opportunity", id="D1", stage="trial")
    api.done("advance-opportunity", id="D1", stage="survey")  # back is always free
    api.done("reopen-stage-task", id="D1", stage_task="visit", reason="they moved")
    assert "visit" in api.ask("advance-opportunity", id="D1", stage="trial").json()["detail"]
    assert "visit" not in [one["stage_task"] for one in seen(api)["tasks"] if one["done"]]
    api.done("lose-opportunity", id="D1", reason="price")


@pytest.mark.capability("OP-04")
def test_free_tasks_are_seen_and_keep_nothing(api: Any) -> None:
    opened(api, "free")
    api.done("advance-opportunity", id="D1", stage="contract")
    api.done("complete-stage-task", id="D1", stage_task="tasting", result="They liked it")
    deal = seen(api)
    assert deal["stage"] == "contract"
    assert [one["result"] for one in deal["tasks"]] == [None, None, "They liked it"]


@pytest.mark.capability("OP-05")
def test_a_milestone_that_is_done_moves_the_deal_on_by_itself_and_once(api: Any) -> None:
    opened(api)
    api.done("complete-stage-task", id="D1", stage_task="budget")
    assert seen(api)["stage"] == "survey", "strict: the visit is open"
    api.done("complete-stage-task", id="D1", stage_task="visit")
    assert seen(api)["stage"] == "trial"
    api.done("complete-stage-task", id="D1", stage_task="tasting")
    assert seen(api)["stage"] == "contract"
    api.done("advance-opportunity", id="D1", stage="survey")
    assert seen(api)["stage"] == "survey", "what was moved once is not moved again"
    assert moves(api) == [("trial", "budget"), ("contract", "tasting"), ("survey", None)]
