"""The OpenAPI document is true: whatever it allows is answered as it says."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from pace import limit
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from commands import Command
from services.bootstrap import CONTEXTS

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
EXAMPLES = 1
"""Of each of hundreds of operations, most of which are of few shapes."""
WAITED_FOR = {"min_position", "as_of", "known_at"}
"""What a view may not have yet: an answer takes as long as is left for it."""


@pytest.fixture(scope="module")
def document(company: Any) -> Iterator[Any]:
    with company.listening() as (client, _):
        address = f"{client.base_url}/openapi.json"
        headers = {"Authorization": client.headers["Authorization"]}
        found = schemathesis.openapi.from_url(address, timeout=limit(10), headers=headers)
        yield found.exclude(path="/events/stream")  # it has no end


def test_what_the_document_allows_is_answered_as_it_says(document: Any, company: Any) -> None:
    headers = {"Authorization": company.client.headers["Authorization"]}
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > len(Command.known) + 10
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def holds(case: Any) -> None:
            if case.query and not WAITED_FOR.isdisjoint(case.query):
                case.query["wait"] = 0
            case.call_and_validate(headers=headers, checks=CHECKS, timeout=limit(10))

        holds()


def test_the_document_is_complete(company: Any) -> None:
    document = company.client.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description") or operation.get("summary"), (method, path)
            assert operation["tags"], (method, path)
            for parameter in operation.get("parameters", ()):
                assert parameter["schema"], (path, parameter)
    for slug, model in Command.known.items():
        operation = document["paths"][f"/commands/{slug}"]["post"]
        assert operation["description"] == (model.__doc__ or "").strip()
        assert {"200", "201", "400", "409", "412", "422", "428"} <= set(operation["responses"])
    assert "HTTPValidationError" not in str(document["paths"])


def test_operations_are_grouped_by_the_contexts_of_the_business(company: Any) -> None:
    document = company.client.get("/openapi.json").json()
    tags = {tag["name"]: tag for tag in document["tags"]}
    assert [*tags][: len(CONTEXTS)] == [context.name for context in CONTEXTS]
    used = {
        tag
        for operations in document["paths"].values()
        for operation in operations.values()
        for tag in operation["tags"]
    }
    assert used == set(tags)
    assert tags["inventory"]["x-label-zh-CN"] == "库存"
    assert "Goods in warehouses, at dealers" in tags["inventory"]["description"]
    paths = document["paths"]
    assert paths["/commands/hand-over-customers"]["post"]["tags"] == ["customers"]
    assert paths["/commands/register-warehouse"]["post"]["tags"] == ["inventory"]
    assert paths["/orders/{id}/history"]["get"]["tags"] == ["orders"]
    assert paths["/rankings/{board}/why"]["get"]["tags"] == ["targets"]
    assert paths["/stock/transit"]["get"]["tags"] == ["inventory"]


def test_fields_have_their_labels_in_both_languages(company: Any) -> None:
    document = company.client.get("/openapi.json").json()
    shapes = document["components"]["schemas"]
    titled = ("title", "x-label-zh-CN")
    for shape, field, labels in (
        ("DraftOrder", "customer", ("Customer", "客户")),
        ("AddContact", "name", ("Name", "姓名")),
        ("OrderLine", "unit_price", ("Unit price", "单价")),
        ("CustomersRow", "registered_at", ("Registered at", "登记时间")),
        ("SeriesRow", "win_rate_bp", ("Win rate (basis points)", "赢单率（万分比）")),
    ):
        found = shapes[shape]["properties"][field]
        assert tuple(found[name] for name in titled) == labels
    asked = document["paths"]["/stock"]["get"]["parameters"]
    holder = next(one["schema"] for one in asked if one["name"] == "holder")
    assert tuple(holder[name] for name in titled) == ("Holder", "库存归属")
    for model in Command.known.values():
        fields = shapes[model.__name__]["properties"].values()
        assert all("x-label-zh-CN" in field for field in fields), model
