"""Figures are asked by any comparison that lists have, of dimensions and of fields of records."""

import random
from typing import Any

import pytest

from aggregates.conditions import Condition, as_predicate
from services.api import attributes
from services.bootstrap import FIGURES, RECORDS

VALUES = ("", "tea", "cup", "WH", "C1", "C2", "goods", "box", "e", "dealer")
PRODUCTS = next(record for record in RECORDS if record.name == "products")
WIDEST = sorted(
    (figure for figure in FIGURES if figure.follows and not figure.ranked),
    key=lambda figure: figure.name,
)


def rows(api: Any, path: str, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(path, **asked)["data"]
    return found


@pytest.mark.parametrize("seed", range(3))
def test_what_a_comparison_leaves_is_what_a_plain_reading_leaves(
    own_company: Any, seed: int
) -> None:
    luck, api = random.Random(seed), own_company
    by = ["location", "item", "item.category", "item.name"]
    every = rows(api, "/stock", by=by)
    assert len(every) > 3
    for _ in range(12):
        name = luck.choice(by)
        operator = luck.choice(["not", "contains", "starts", "gt", "gte", "lt", "lte", "empty"])
        value = luck.choice(("true", "false") if operator == "empty" else VALUES)
        fits = as_predicate(Condition(name, operator, [value]))
        wanted = [row for row in every if fits(row)]
        assert rows(api, "/stock", by=by, **{f"{name}.{operator}": value}) == wanted
        other = luck.choice(by)
        either = f'{name}.{operator}="{value}" or {other}="tea"'
        wanted = [row for row in every if fits(row) or row[other] == "tea"]
        assert rows(api, "/stock", by=by, where=either) == wanted
        on_hand = sum(row["on_hand"] for row in wanted)
        assert api.get("/stock/why", where=either)["figure"]["on_hand"] == on_hand


TYPED = [
    name
    for name, field in PRODUCTS.fields.items()
    if field.type is int or field.mark.instant or field.mark.day
]
AMOUNTS = ("0", "449", "450", "750", "900", "1500", "-1")
DAYS = ("today", "yesterday", "2026-01-05", "2030-01-01")


@pytest.mark.parametrize("seed", range(3))
def test_numbers_and_instants_are_compared_as_a_list_compares_them(
    own_company: Any, seed: int
) -> None:
    luck, api = random.Random(seed), own_company
    every, products = rows(api, "/stock", by="item"), rows(api, "/products")
    assert len(every) == len(products) > 1
    for _ in range(12):
        field = luck.choice(TYPED)
        operator = luck.choice(["", "not", "gt", "gte", "lt", "lte", "empty"])
        dated = PRODUCTS.fields[field].mark.instant or PRODUCTS.fields[field].mark.day
        value = luck.choice(
            ("true", "false") if operator == "empty" else DAYS if dated else AMOUNTS
        )
        name = f"{field}.{operator}" if operator else field
        listed = {one["id"] for one in rows(api, "/products", **{name: value})}
        wanted = [row for row in every if row["item"] in listed]
        assert rows(api, "/stock", by="item", where=f'item.{name}="{value}"') == wanted
        assert rows(api, "/stock", by="item", **{f"item.{name}": value}) == wanted
        on_hand = sum(row["on_hand"] for row in wanted)
        why = api.get("/stock/why", where=f'item.{name}="{value}"')
        assert why["figure"]["on_hand"] == on_hand
        if not dated:
            fits = as_predicate(Condition(field, operator, [value if "e" in value else int(value)]))
            assert listed == {one["id"] for one in products if fits(one)}


def test_what_is_no_number_or_day_is_refused_with_the_name_that_was_given(company: Any) -> None:
    for name, value in (("item.list_price.gte", "much"), ("item.added_at.lt", "soon")):
        refused = company.client.get("/stock", params={name: value})
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["parameter"] == name
        assert value in company.client.get("/stock", params={"where": f"{name}={value}"}).text


def test_a_day_that_is_not_there_is_before_no_other_as_in_a_list(own_company: Any) -> None:
    api = own_company
    api.done("reschedule-opportunity", id="D1", expected_close="2030-03-02")
    api.feed()
    whose = rows(api, "/funnel/open")
    assert len(whose) == 2
    for asked in ("lt=2031-01-01", "lte=2030-03-02", "gt=2030-03-02", "empty=true", "not=today"):
        listed = rows(api, "/opportunities", where=f"expected_close.{asked}")
        ids = {f"opportunity-{one['id']}" for one in listed}
        found = rows(api, "/funnel/open", where=f"opportunity.expected_close.{asked}")
        assert found == [one for one in whose if one["stream"] in ids], asked


def test_open_deals_transit_and_cohorts_follow_fields_of_records(own_company: Any) -> None:
    api = own_company
    deals = rows(api, "/funnel/open", **{"customer.name": "C1"})
    assert [one["stream"] for one in deals] == ["opportunity-D1", "opportunity-D4"]
    assert rows(api, "/funnel/open", **{"customer.name.not": "C1"}) == []
    worth = sum(one["amount"] for one in deals)
    why = api.get("/funnel/open/why", **{"customer.name.starts": "c1"})["figure"]
    assert why["opened_amount"] + why["revalued"] == worth
    coming = rows(api, "/stock/transit", **{"location.name": "C2", "item.name.contains": "E"})
    assert [(one["item"], one["quantity"]) for one in coming] == [("tea", 11)]
    assert rows(api, "/stock/transit", **{"from_location.city.empty": "false"}) == []
    assert len(rows(api, "/stock/transit", **{"from_location.starts": "w"})) == 3
    why = api.get("/stock/transit/why", **{"from_location.not": "C1", "location.name": "C2"})
    assert why["figure"]["quantity"] == 16
    cohorts = rows(api, "/funnel/cohorts", by="customer.name", **{"customer.name.lte": "C2"})
    assert [(one["customer.name"], one["opened"]) for one in cohorts] == [("C1", 2), ("C2", 1)]
    assert api.get("/funnel/cohorts/why", **{"customer.name.lt": "C2"})["figure"]["opened"] == 2


def test_what_lies_below_in_a_tree_is_summed_with_it(both: Any) -> None:
    for name, parent in (("goods", None), ("hot", "goods"), ("tools", None)):
        both.done("register-category", id=name, name=name, parent=parent)
    both.done("register-unit", id="box", name="box")
    for item, category in (("tea", "hot"), ("saw", "tools")):
        told = {"name": item, "list_price": 1, "unit": "box", "currency": "CNY"}
        both.done("add-product", id=item, category=category, **told)
        both.done("receive-stock", location="WH", item=item, quantity=5, reference=item)
    both.feed()
    found = rows(both, "/stock", by="item", **{"item.category.under": "goods"})
    assert [(one["item"], one["on_hand"]) for one in found] == [("tea", 5)]
    board = rows(both, "/rankings/products", **{"product.category.under": "goods"})
    assert board == []
    refused = both.client.get("/stock", params={"item.name.under": "goods"})
    assert refused.status_code == 400
    assert "item.category" in refused.json()["detail"]


def test_what_makes_no_sense_is_refused_by_name(company: Any) -> None:
    for name in ("item.nt", "itm.not", "item.name.contain"):
        refused = company.client.get("/stock", params={name: "tea"})
        assert refused.json()["names"] == name
    mixed = company.client.get("/funnel/open", params={"where": "rep=li or region=canton"})
    assert mixed.status_code == 400
    assert "region, rep" in mixed.json()["detail"]


@pytest.mark.parametrize("figure", WIDEST, ids=lambda figure: figure.name)
def test_a_wide_question_is_answered_or_refused(shared: Any, figure: Any) -> None:
    """As many fields of records as may be asked for, those with the most joins, as of then."""
    known = attributes.of(figure).values()
    widest = sorted(known, key=lambda one: -len(one.records))[: attributes.MOST + 1]
    names = [one.name for one in widest]
    moment = {"as_of": 0, "known_at": "2026-01-01"}
    for path in (figure.address, f"{figure.address}/why"):
        for kind in ("json", "xlsx", "csv"):
            asked = dict.fromkeys(names[: attributes.MOST], "a") | {"format": kind}
            for when in ({}, moment):
                answer = shared.client.get(path, params=asked | when)
                assert answer.status_code == 200, answer.text
            too_many = shared.client.get(path, params=dict.fromkeys(names, "a"))
            assert too_many.status_code == (400 if len(names) > attributes.MOST else 200)
