"""Figures are filtered and grouped by fields of the records that their dimensions name."""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from services.workers.apply import Applier
from services.workers.follow import Follower

ITEMS = ("tea", "cup")
PLACES = ("north", "south", "west")
CITIES = ("Harbin", "Canton", "Lhasa")


class Told(NamedTuple):
    """What a command was, where it stands in the log, and the day on which it happened."""

    position: int
    day: int
    place: str
    city: str | None = None
    quantity: int = 0


def day(number: int) -> str:
    return f"2026-03-{number:02}"


def asked(api: Any, slug: str, number: int, **body: Any) -> int | None:
    answer = api.ask(slug, occurred_at=f"{day(number)}T12:00:00+08:00", **body)
    assert answer.status_code in {200, 201, 409}, answer.text
    told = answer.json()
    return told["position"] if answer.is_success and told["events"] else None


def history(api: Any, seed: int) -> Iterator[Told]:
    """Goods come in, and warehouses move from one city to another, some of it told late."""
    luck = random.Random(seed)
    for place in PLACES:
        position = asked(api, "register-warehouse", 1, id=place, name=place)
        assert position is not None
        yield Told(position, 1, place)
    for number in range(40):
        place, when = luck.choice(PLACES), luck.randint(1, 28)
        if luck.random() < 0.4:
            city = luck.choice(CITIES)
            position = asked(api, "change-warehouse", when, id=place, city=city)
            told = Told(0, when, place, city)
        else:
            many, item = luck.randint(1, 9), luck.choice(ITEMS)
            what = {"location": place, "item": item, "quantity": many, "reference": f"r{number}"}
            position = asked(api, "receive-stock", when, **what)
            told = Told(0, when, place, None, many)
        if position is not None:
            yield told._replace(position=position)


def expected(told: list[Told], position: int, until: int) -> Counter[str]:
    """The sum of each city, by the plain rule: what counts, in the order of the log."""
    cities: dict[str, str] = {}
    sums: Counter[str] = Counter()
    counts = [one for one in told if one.position <= position and one.day <= until]
    for one in counts:
        if one.city is not None:
            cities[one.place] = one.city
    for one in counts:
        sums[cities.get(one.place, "")] += one.quantity
    return Counter({city: sum_ for city, sum_ in sums.items() if sum_})


@pytest.mark.parametrize("seed", [1, 2])
def test_sums_by_an_attribute_are_those_of_the_things_that_had_it_then(
    both: Any, seed: int
) -> None:
    told = list(history(both, seed))
    both.feed()
    assert sum(one.city is not None for one in told) > 3
    last = told[-1].position
    moments: list[tuple[dict[str, Any], int, int]] = [({}, last, 99)]
    moments += [({"as_of": one.position}, one.position, 99) for one in told[::7]]
    moments += [({"as_of": day(number)}, last, number) for number in (1, 9, 17, 28)]
    for when, position, until in moments:
        rows = both.get("/stock", by="location.city", **when)["data"]
        found = {row["location.city"]: row["on_hand"] for row in rows}
        assert found == expected(told, position, until), when
        whole = both.get("/stock", **when)["data"]
        assert sum(found.values()) == sum(row["on_hand"] for row in whole)
        for city, many in found.items():
            why = both.get("/stock/why", **{"location.city": city}, **when)
            assert why["figure"]["on_hand"] == many
            assert sum(row["change"]["on_hand"] for row in why["rows"]) == many
            filtered = both.get("/stock", **{"location.city": city}, **when)["data"]
            assert sum(row["on_hand"] for row in filtered) == many


SUMMED = (
    ("/funnel", "customer.kind", "amount", {}),
    ("/funnel", "opportunity.source", "entered", {}),
    ("/funnel/series", "customer.kind", "opened_amount", {}),
    ("/stock", "location.city", "on_hand", {}),
)


@pytest.mark.parametrize(("path", "by", "measure", "more"), SUMMED)
def test_the_groups_of_an_attribute_come_to_the_whole(
    own_company: Any, path: str, by: str, measure: str, more: dict[str, Any]
) -> None:
    groups = own_company.get(path, by=by, **more)["data"]
    whole = own_company.get(path, **more)["data"]
    assert sum(row[measure] for row in groups) == sum(row[measure] for row in whole) > 0
    for value in {row[by] for row in groups}:
        figure = own_company.get(f"{path}/why", **{by: value}, **more)["figure"]
        assert figure[measure] == sum(row[measure] for row in groups if row[by] == value)
    paged = [row for page in own_company.pages(path, by=by, limit=1) for row in page]
    assert paged == groups


@pytest.mark.parametrize(
    ("board", "group"),
    [
        ("products", "product.category"),
        ("customers", "customer.kind"),
        ("members", "member.dealer"),
    ],
)
def test_a_board_ranks_by_a_field_of_what_it_ranks(
    own_company: Any, board: str, group: str
) -> None:
    measures = ("amount", "quantity", "sell_out_amount", "points")
    for more in ({}, {"as_of": own_company.get("/status")["head"]}, {"first": "2020-01-01"}):
        groups = own_company.get(f"/rankings/{board}", group=group, **more)["data"]
        whole = own_company.get(f"/rankings/{board}", **more)["data"]
        for measure in measures:
            assert sum(r[measure] for r in groups) == sum(r[measure] for r in whole)
        assert [row["rank"] for row in groups] == list(range(1, len(groups) + 1))
    for row in groups:
        what = {"subject": row["subject"], "currency": row["currency"], "group": group}
        figure = own_company.get(f"/rankings/{board}/why", **what)["figure"]
        assert {m: figure[m] for m in measures} == {m: row[m] for m in measures}


def test_deals_are_told_apart_by_the_kind_of_their_customer(own_company: Any) -> None:
    rows = own_company.get("/funnel", by="customer.kind")["data"]
    entered = Counter[str]()
    for row in rows:
        if row["stage"] == "qualification":
            entered[row["customer.kind"]] += row["entered"]
    assert entered == {"dealer": 3, "retailer": 1}
    lost = own_company.get("/funnel", stage="lost", **{"customer.kind": "retailer"})["data"]
    assert [row["deals"] for row in lost] == [1]


def test_what_has_no_record_stands_under_an_empty_value(own_company: Any) -> None:
    found = own_company.get("/stock", by="location.name")["data"]
    assert "" in {row["location.name"] for row in found}
    nameless = own_company.get("/stock", **{"location.name": ""})["data"]
    assert {row["location"] for row in nameless} == {"WH"}


def test_a_file_has_a_column_for_what_its_rows_are_told_apart_by(company: Any) -> None:
    asked = {"by": "item.category", "format": "csv", "header": "names"}
    text = company.client.get("/stock", params=asked).text.lstrip("\ufeff")
    assert text.splitlines()[0].startswith("item.category,on_hand,reserved,")


def test_a_figure_waits_for_the_records_that_it_is_told_apart_by(api: Any) -> None:
    what = {"category": "leaf", "unit": "box", "currency": "CNY", "list_price": 100}
    api.done("add-product", id="tea", name="Tea", **what)
    api.done("receive-stock", location="WH", item="tea", quantity=5, reference="r")
    others = [one for one in api.platform.views if one.name != "products"]
    api.follower = Follower(Applier(api.platform.store, others, api.platform.codec))
    api.follower.start()
    api.feed()
    assert api.client.get("/stock").status_code == 200
    late = api.client.get("/stock", params={"by": "item.category", "wait": 0})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/not-yet")
