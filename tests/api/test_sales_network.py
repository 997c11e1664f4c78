"""The sales network over HTTP: who stands below whom, in lists and in figures."""

from typing import Any

import pytest

PLACES = {"C1": ("dealer", None), "C2": ("agent", "C1"), "C3": ("supermarket", "C2")}


def place(api: Any, partner: str, partner_type: str, parent: str | None) -> Any:
    return api.ask("place-partner", id=partner, partner_type=partner_type, parent=parent)


def ranked(api: Any, **asked: Any) -> dict[str, int]:
    found = api.get("/rankings/customers", **asked)["data"]
    return {row["subject"]: row["amount"] for row in found}


def ids(api: Any, **asked: Any) -> list[str]:
    api.feed()
    return [row["id"] for row in api.get("/customers", sort="tier,id", **asked)["data"]]


@pytest.mark.capability("CH-02")
def test_partners_of_all_kinds_stand_in_tiers_and_are_listed_by_the_tree(sole_company: Any) -> None:
    api = sole_company
    for partner, (partner_type, parent) in PLACES.items():
        assert place(api, partner, partner_type, parent).status_code == 200
    assert ids(api, **{"parent.under": "C1"}) == ["C2", "C3"]
    rows = api.get("/customers", sort="tier", **{"partner_type.empty": "false"})["data"]
    assert [(row["id"], row["partner_type"], row["tier"]) for row in rows] == [
        ("C1", "dealer", 1),
        ("C2", "agent", 2),
        ("C3", "supermarket", 3),
    ]
    circle = place(api, "C1", "dealer", "C3")
    assert (circle.status_code, circle.json()["refusal"]) == (409, "Circle")
    assert place(api, "C2", "agent", None).status_code == 200
    assert ids(api, tier=2) == ["C3"]  # it went along
    assert ids(api, **{"parent.under": "C1"}) == []


@pytest.mark.capability("CH-02")
def test_figures_are_asked_of_a_partner_with_all_below_by_kind_and_by_tier(
    sole_company: Any,
) -> None:
    api = sole_company
    for partner, (partner_type, parent) in PLACES.items():
        place(api, partner, partner_type, parent)
    api.feed()
    sold = ranked(api)
    assert ranked(api, **{"customer.under": "C2"}).keys() == {"C2", "C3"}
    kinds = ranked(api, group="customer.partner_type", **{"customer.under": "C1"})
    assert kinds == {"dealer": sold["C1"], "agent": sold["C2"], "supermarket": sold["C3"]}
    assert ranked(api, **{"customer.tier.gte": "2"}).keys() == {"C2", "C3"}


def test_a_partner_lies_below_one_that_is_in_the_network(sole_company: Any) -> None:
    refused = place(sole_company, "C2", "agent", "C1")
    assert (refused.status_code, refused.json()["refusal"]) == (409, "NotPlaced")
    assert "place-partner" in refused.json()["detail"]
