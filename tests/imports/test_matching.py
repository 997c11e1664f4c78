"""Columns find their fields, and all that is amiss with a header is told at once."""

import pytest

from commands.customers.customer import RegisterCustomer
from commands.orders.order import DraftOrder
from services.imports import matching
from services.imports.sources import Faulty, Spec

REGISTER = Spec("register-customer", constants={"owner": "r-1"})


def matched(header: list[str], spec: Spec = REGISTER) -> dict[str, str]:
    model = RegisterCustomer if spec.command == "register-customer" else DraftOrder
    found = matching.plan(model, (1, list(header)), spec)
    return {column.header: column.name for column in (*found.own, *found.lines)}


def problems(header: list[str], spec: Spec = REGISTER) -> list[str]:
    with pytest.raises(Faulty) as told:
        matched(header, spec)
    return [fault.words[0] for fault in told.value.faults]


def test_columns_are_named_by_field_or_by_label_in_either_language() -> None:
    assert matched(["ID", "name", "Customer-Kind", "城市", "Country "]) == {
        "ID": "id",
        "name": "name",
        "Customer-Kind": "customer_kind",
        "城市": "city",
        "Country": "country",
    }


def test_a_mapping_says_what_a_column_is_for_or_passes_it_over() -> None:
    spec = Spec("register-customer", {"客户全称": "name", "owner": ""}, {"owner": "r-1"})
    found = matched(["id", "客户全称", "owner", "customer_kind"], spec)
    assert found == {"id": "id", "客户全称": "name", "customer_kind": "customer_kind"}


def test_of_two_hundred_columns_those_that_are_wanted_are_taken_and_the_others_are_named() -> None:
    header = ["id", "name", "customer_kind", *(f"column {n}" for n in range(200))]
    found = matching.plan(RegisterCustomer, (1, list(header)), REGISTER)
    assert len(found.own) == 3
    assert len(found.passed_over) == 200


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (["id", "name", "Name", "customer_kind"], "Both name and Name are for name"),
        (["id", "name"], "No column is for customer_kind"),
        (["id", "", "name", "customer_kind"], "Column 2 has no name"),
        (["id", "name", "customer_kind", "owner"], "Both owner and owner=r-1 are for owner"),
    ],
)
def test_a_header_that_cannot_be_read_says_what_to_do(header: list[str], why: str) -> None:
    (told,) = problems(header)
    assert why in told


def test_every_fault_of_a_header_is_told_at_once() -> None:
    spec = Spec("register-customer", {"nme": "name", "id": "idd"}, {"ownr": "r-1"}, money="rubels")
    told = "\n".join(problems(["id", "name", ""], spec))
    for why in ("no column nme", "no field idd", "Did you mean owner?", "rubels is no unit"):
        assert why in told


def test_lines_of_a_list_have_columns_of_their_own_or_one_with_json() -> None:
    spec = Spec("draft-order")
    wanted = ["id", "customer", "warehouse"]
    assert matched([*wanted, "lines.item", "lines.quantity"], spec)["lines.item"] == "item"
    assert matched([*wanted, "lines"], spec)["lines"] == "lines"
    (told,) = problems([*wanted, "lines.item"], spec)
    assert "No column is for lines.quantity" in told
    (told,) = problems([*wanted, "lines", "lines.item", "lines.quantity"], spec)
    assert "are for lines" in told
