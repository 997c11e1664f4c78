"""The catalogue and the document of the API tell a reader what he may ask and see, and no more."""

import re
from typing import Any

import pytest
from api.test_access_commands import Company

from aggregates.customers.customer.own_fields import OWN_FIELDS
from aggregates.organisation.built_in_roles import BUILT_IN
from aggregates.organisation.grants import ALL
from aggregates.organisation.rights import covers
from commands import Command
from commands.authorisation import action_of
from infra.keys import Keys
from services.access import masks
from services.access.permissions import Granted
from services.bootstrap import RECORDS
from services.catalogue import by_rights


@pytest.fixture
def company(api: Any) -> Company:
    made = Company(api)
    api.done("open-account", id="he")
    api.done("grant-role", id="he", role="warehouse", everything=True)
    api.done("open-account", id="shen")
    api.done("grant-role", id="shen", role="auditor", everything=True)
    return made


def get(company: Company, actor: str, path: str, **params: Any) -> Any:
    headers = {"Authorization": f"Bearer {company.key(actor)}"}
    return company.api.client.get(path, params=params, headers=headers)


def catalogue(company: Company, actor: str, **params: Any) -> dict[str, Any]:
    answer = get(company, actor, "/catalogue", **params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def names(parts: list[dict[str, Any]]) -> set[str]:
    return {one["name"] for one in parts}


def fields(value: Any) -> set[str]:
    """The names of all fields, wherever they stand; not those that a command takes."""
    if isinstance(value, list):
        return {name for one in value for name in fields(one)}
    if isinstance(value, dict):
        own = {value["name"]} if "type" in value else set()
        return own | {name for one in value.values() for name in fields(one)}
    return set()


def test_a_representative_and_a_warehouse_clerk_see_their_commands_alone(company: Company) -> None:
    li, he = catalogue(company, "li"), catalogue(company, "he")
    for found, role in ((li, "representative"), (he, "warehouse")):
        grants = [one.removesuffix(ALL) for one in BUILT_IN[role]]
        granted = {
            slug
            for slug, command in Command.known.items()
            if any(covers(grant, action_of(command)) for grant in grants)
        }
        assert names(found["commands"]) == granted
    assert {"receive-stock", "ship-order"} <= names(he["commands"])
    assert not {"draft-order", "open-account"} & names(he["commands"])
    assert "receive-stock" not in names(li["commands"])


@pytest.mark.parametrize("actor", ["li", "he"])
def test_a_list_that_is_named_is_answered_and_no_other_is(company: Company, actor: str) -> None:
    found = catalogue(company, actor)
    addresses = {one["address"] for one in found["kinds"] if "address" in one}
    addresses |= {one["address"] for one in found["figures"]}
    every = catalogue(company, "tester")
    known = {one["address"] for one in every["kinds"] if "address" in one}
    known |= {one["address"] for one in every["figures"]}
    assert addresses < known
    for address in known:
        status = get(company, actor, address).status_code
        assert (status == 403) == (address not in addresses), (address, status)


def test_costs_margins_and_persons_are_no_fields_where_they_are_hidden(company: Company) -> None:
    li, he, whole = (catalogue(company, one) for one in ("li", "he", "tester"))
    parts = ("kinds", "figures", "events")
    assert {"cost", "margin", "phone"} <= fields([whole[one] for one in parts])
    assert not {"cost", "margin"} & fields([li[one] for one in parts])
    assert "margin" not in str(li["figures"])
    assert "phone" in fields([li[one] for one in parts])
    assert not {"cost", "margin", "phone"} & fields([he[one] for one in parts])


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_kind_has_the_fields_that_its_list_has(record: Any) -> None:
    nobody = Granted("x", None, {}, narrowed_to=("read:*/*",))
    shown = masks.record(nobody, record)
    rights = by_rights.rights_of(nobody)
    assert rights is not None
    kinds = {one.name: one for one in by_rights.catalogue("en", rights).kinds}
    own = {"id", "version", "position", "occurred_at", "recorded_at"}
    told = {one.name for one in kinds[record.kind.kind].fields}
    assert told - own - {*OWN_FIELDS} == shown.fields.keys() - own


def named(value: Any) -> set[str]:
    """The kinds that fields may hold an id of."""
    if isinstance(value, list):
        return {name for one in value for name in named(one)}
    if isinstance(value, dict):
        own = set(value.get("names", ())) if "type" in value else set()
        return own | {name for one in value.values() for name in named(one)}
    return set()


def test_what_is_left_names_nothing_that_was_left_out(company: Company) -> None:
    found = catalogue(company, "he")
    kinds = names(found["kinds"])
    assert "member" not in kinds
    assert "warehouse" in named(found) <= kinds
    assert {name for kind in found["kinds"] for name in kind.get("commands", [])} == names(
        found["commands"]
    )


def test_equal_rights_have_one_tag_and_others_another(company: Company) -> None:
    tags = {one: get(company, one, "/catalogue").headers["etag"] for one in ("li", "wu", "he")}
    assert tags["li"] == tags["wu"] != tags["he"]
    answer = get(company, "li", "/catalogue")
    assert "Authorization" in answer.headers["vary"]
    headers = {"Authorization": f"Bearer {company.key('li')}", "If-None-Match": tags["li"]}
    assert company.api.client.get("/catalogue", headers=headers).status_code == 304
    company.api.done("grant-role", id="li", role="finance", everything=True)
    company.api.client.app.state.permissions.fresh("li")
    assert company.api.client.get("/catalogue", headers=headers).status_code == 200


def test_an_auditor_may_see_what_there_is_for_others(company: Company) -> None:
    whole = catalogue(company, "tester")
    asked = catalogue(company, "shen")["commands"]
    assert {one["context"] for one in asked} == {"notices"}, "all that she may ask for is notices"
    assert catalogue(company, "shen", rights="all") == whole
    kept = [catalogue(company, one).get("operations", []) for one in ("shen", "li", "tester")]
    assert kept == [["access-log", "integrity", "status"], [], whole["operations"]]
    assert get(company, "li", "/catalogue", rights="all").status_code == 403


def test_a_narrowed_key_is_told_of_what_it_may(company: Company) -> None:
    key = Keys(company.api.platform.database).new("tester", scopes=["read:catalog/*"])
    headers = {"Authorization": f"Bearer {key}"}
    found = company.api.client.get("/catalogue", headers=headers).json()
    assert {one["context"] for one in found["kinds"]} == {"catalog"}
    assert found["commands"] == []


def document(company: Company, actor: str) -> dict[str, Any]:
    found: dict[str, Any] = get(company, actor, "/openapi.json").json()
    return found


def test_the_document_has_the_commands_and_lists_of_the_reader(company: Company) -> None:
    li, he, whole = (document(company, one) for one in ("li", "he", "tester"))
    assert whole["paths"].keys() > li["paths"].keys()
    assert "/commands/draft-order" in li["paths"]
    assert not {"/commands/receive-stock", "/members", "/access-log"} & li["paths"].keys()
    assert "/commands/receive-stock" in he["paths"]
    assert "ReceiveStock" in he["components"]["schemas"]
    assert "ReceiveStock" not in str(li)
    for actor, made in (("li", li), ("he", he)):
        for path, operations in made["paths"].items():
            if "get" in operations and "{" not in path and path not in STREAMS:
                assert get(company, actor, path).status_code != 403, path


STREAMS = {"/events/stream", "/sessions/oidc", "/sessions/oidc/callback"}


def test_the_document_names_no_field_that_is_hidden(company: Company) -> None:
    li, whole = document(company, "li"), document(company, "tester")
    rows = "ProductsRow"
    assert "cost" in whole["components"]["schemas"][rows]["properties"]
    assert "cost" not in li["components"]["schemas"][rows]["properties"]
    line = "OrderLine"
    assert "cost" in whole["components"]["schemas"][line]["properties"]
    assert li["components"]["schemas"][line]["properties"].keys() >= {"item", "unit_price"}
    assert "cost" not in li["components"]["schemas"][line]["properties"]
    named = {one["name"] for one in li["paths"]["/products"]["get"]["parameters"]}
    assert "list_price" in named
    assert "cost" not in named
    assert "'margin'" in str(whole["paths"]["/rankings/{board}"])
    assert "'margin'" not in str(li["paths"]["/rankings/{board}"])


def test_who_has_not_signed_in_reads_how_to(company: Company) -> None:
    client = company.api.client
    open_part = client.get("/openapi.json", headers={"Authorization": ""}).json()
    assert {"/sessions", "/livez", "/problems/{slug}"} <= open_part["paths"].keys()
    assert not {"/orders", "/catalogue", "/commands"} & open_part["paths"].keys()
    operations = [one for every in open_part["paths"].values() for one in every.values()]
    assert all(one["security"] == [] for one in operations)
    wrong = client.get("/openapi.json", headers={"Authorization": "Bearer dk_wrong"})
    assert wrong.status_code == 401


def test_references_of_a_part_lead_to_what_is_there(company: Company) -> None:
    for actor in ("li", "he", "shen"):
        made = document(company, actor)
        for reference in set(re.findall(r"'#/components/(\w+)/(\w+)'", str(made))):
            group, name = reference
            assert name in made["components"][group], reference
