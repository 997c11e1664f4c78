"""Public pools over HTTP: customers that are left alone go there, and others claim them."""

import threading
from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get, ids
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from originals import Originals
from pace import limit
from virtual_days import Days

from commands.customers.customer import RegisterCustomer
from commands.customers.pool import ClaimCustomer, ReleaseCustomer
from commands.organisation.rep import HireRep
from commands.organisation.settings import ChangeSettings
from infra.requests import Outcome
from services.access.permissions import Permissions
from services.bootstrap import Platform, request

DAY = 24 * 3_600
POOL = {"name": "sales", "department": "sales", "periods": [{"follow_up_days": 30}]}


class Pool(Company):
    """The representatives of sales see the customers of their pool, and claim from it."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.settle(cap=2)
        rule = {"level": "work", "with_department": "sales", "in_pool": "sales"}
        api.done("register-sharing-rule", id="pool", name="Pool of sales", **rule)

    def settle(self, **more: Any) -> None:
        values = {"pools": [POOL], **more}
        self.api.done("change-settings", id="customers.pools", values=values, reason="idle shops")

    def seen(self) -> None:
        """Views and rights are as the log is now."""
        self.api.feed()
        permissions: Permissions = self.api.client.app.state.permissions
        permissions.forget()

    def register(self, name: str, owner: str) -> None:
        shop = {"name": name, "customer_kind": "retailer", "owner": owner}
        self.api.done("register-customer", id=name, **shop)

    def shown(self, name: str) -> dict[str, Any]:
        self.api.feed()
        found: dict[str, Any] = self.api.get(f"/customers/{name}")["data"]
        return found


class PoolInTime(Pool):
    """The same, and the test moves its clock."""

    def __init__(self, api: Any) -> None:
        self.days = Days(api)
        super().__init__(api)

    def later(self, days: float) -> None:
        self.days.later(days * DAY)
        self.seen()


@pytest.fixture
def pool(both: Any) -> Pool:
    return Pool(both)


@pytest.fixture
def idle(api: Any) -> PoolInTime:
    return PoolInTime(api)


@pytest.mark.capability("CU-12")
def test_a_customer_that_nobody_follows_up_goes_to_the_public_pool_by_itself(
    idle: PoolInTime,
) -> None:
    idle.register("C1", "li")
    idle.later(30 - 1 / DAY)
    assert idle.shown("C1")["owner"] == "li"
    assert idle.shown("C1")["pool_at"] == "2026-04-01T12:00:00.000000Z"
    idle.later(1 / DAY)
    shown = idle.shown("C1")
    assert (shown["owner"], shown["pool"], shown["pool_cause"]) == ("", "sales", "follow_up")
    (event,) = idle.api.get("/events", type="CustomerPooled")["data"]
    told = event["data"]
    assert (told["from_owner"], told["days"], told["since"]) == ("li", 30, "2026-03-02T12:00:00Z")
    assert told["settings"] == "customers.pools:1"
    assert ids(idle, "wu", "/customers", where="pool=sales") == ["C1"]


@pytest.mark.capability("CU-12")
def test_the_owner_is_told_days_before_his_customer_goes_to_the_pool(idle: PoolInTime) -> None:
    idle.register("C1", "li")
    idle.later(23 - 1 / DAY)
    assert idle.api.get("/events", type="PoolDeadlineReminded")["data"] == []
    idle.later(1 / DAY)
    (event,) = idle.api.get("/events", type="PoolDeadlineReminded")["data"]
    assert event["data"]["owner"] == "li"
    assert event["data"]["pool_at"] == "2026-04-01T12:00:00Z"


@pytest.mark.capability("CU-12")
def test_new_business_keeps_a_customer_with_its_owner(idle: PoolInTime) -> None:
    api = idle.api
    periods = [{"opportunity_days": 30, "deal_days": 60}]
    idle.settle(pools=[POOL | {"periods": periods}])
    idle.register("C1", "li")
    idle.later(20)
    deal = {"title": "Tea", "amount": 1, "currency": "CNY"}
    api.done("open-opportunity", id="P1", customer="C1", **deal)
    idle.later(25)
    assert idle.shown("C1")["owner"] == "li"
    assert idle.shown("C1")["pool_at"] == "2026-04-21T12:00:00.000000Z"
    supplied(api, "C1")
    api.done("open-opportunity", id="P2", customer="C1", **deal)
    idle.later(29)
    assert idle.shown("C1")["owner"] == "li"
    idle.later(1)
    assert idle.shown("C1")["pool_cause"] == "opportunity"


def supplied(api: Any, customer: str) -> None:
    """Goods are shipped to a customer."""
    tea = {"category": "x", "unit": "box", "list_price": 1, "currency": "CNY"}
    api.done("add-product", id="tea", name="Tea", **tea)
    api.done("receive-stock", location="W1", item="tea", quantity=9, reference="R1")
    lines = [{"item": "tea", "quantity": 1}]
    api.done("draft-order", id="O1", customer=customer, warehouse="W1", lines=lines)
    api.done("submit-order", id="O1")
    api.done("approve-order", id="O1")
    api.done("ship-order", id="O1", shipment="S1")


@pytest.mark.capability("CU-13")
def test_a_representative_claims_from_the_pool_and_a_manager_assigns(pool: Pool) -> None:
    pool.register("C1", "li")
    pool.register("C2", "li")
    assert pool.says("wu", "claim-customer", id="C1")[0] == 404
    for name in ("C1", "C2"):
        assert pool.ask("li", "release-customer", id=name, reason="far away").status_code == 200
    pool.seen()
    assert ids(pool, "li", "/customers", where="pool=sales") == ["C1", "C2"]
    offered = get(pool, "wu", "/customers/C1").json()["next"]
    assert "claim-customer" in {one["command"] for one in offered}
    assert pool.ask("wu", "claim-customer", id="C1").status_code == 200
    status, detail = pool.says("li", "claim-customer", id="C1")
    assert status == 404, detail
    assign = {"id": "C2", "reason": "near"}
    assert pool.ask("mei", "reassign-customer", owner="wu", **assign).status_code == 409
    assert pool.ask("mei", "reassign-customer", owner="li", **assign).status_code == 200
    pool.seen()
    assert ids(pool, "wu", "/customers") == ["C1", "D-wu"]
    assert pool.shown("C2")["owner"] == "li"


@pytest.mark.capability("CU-13")
def test_who_is_not_of_the_pools_department_does_not_see_its_customers(pool: Pool) -> None:
    api = pool.api
    api.done("register-department", id="service", name="Service")
    api.done("hire-rep", id="qi", name="Qi", department="service", region="east")
    pool.open("qi", "representative", own="owner")
    pool.register("C1", "li")
    pool.ask("li", "release-customer", id="C1", reason="far away")
    pool.seen()
    assert ids(pool, "qi", "/customers") == []
    assert pool.says("qi", "claim-customer", id="C1")[0] == 404


@pytest.mark.capability("CU-14")
def test_a_claim_over_the_cap_is_refused_with_its_figures_and_recorded(pool: Pool) -> None:
    for name in ("C1", "C2"):
        pool.register(name, "li")
        pool.ask("li", "release-customer", id=name, reason="far away")
    assert pool.ask("wu", "claim-customer", id="C1").status_code == 200
    status, detail = pool.says("wu", "claim-customer", id="C2")
    assert (status, "wu has 2 customers and may have 2" in detail) == (409, True)
    (event,) = pool.api.get("/events", type="ClaimRefused")["data"]
    assert (event["data"]["count"], event["data"]["limit"]) == (2, 2)
    assert pool.ask("wu", "release-customer", id="D-wu", reason="too many").status_code == 200
    assert pool.ask("wu", "claim-customer", id="C2").status_code == 200


CLAIMS = st.lists(
    st.tuples(st.sampled_from(["wu", "qi"]), st.integers(0, 5)), min_size=4, max_size=16
)


@pytest.mark.capability("CU-14")
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
@hypothesis_settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claims=CLAIMS, cap=st.integers(1, 3))
def test_claims_at_the_same_moment_never_pass_the_cap(
    kind: str, originals: Originals, claims: list[tuple[str, int]], cap: int
) -> None:
    """Each as a process of its own would claim: with a log, a cache and a head of its own."""
    from api.conftest import prepared, served

    with originals.copied(kind, prepared) as url, served(url) as api:
        platform = api.platform
        asked: list[Any] = [
            HireRep(id=who, name=who, department="d", region="r") for who in ("li", "wu", "qi")
        ]
        values = {"pools": [{"name": "p", "periods": [{"deal_days": 1}]}], "cap": cap}
        asked.append(ChangeSettings(id="customers.pools", values=values, reason="x"))
        shop = {"customer_kind": "retailer", "owner": "li"}
        for n in range(6):
            asked.append(RegisterCustomer(id=f"C{n}", name="Shop", **shop))
            asked.append(ReleaseCustomer(id=f"C{n}", reason="x"))
        for number, one in enumerate(asked):
            assert isinstance(platform.executor.execute(request(one, "t", f"{number}")), Outcome)
        held = claimed_at_once(platform, claims)
        api.feed()
        for who in ("wu", "qi"):
            mine = {row["id"] for row in api.get("/customers", owner=who)["data"]}
            assert mine == held[who]
            assert len(mine) <= cap


def claimed_at_once(platform: Platform, claims: list[tuple[str, int]]) -> dict[str, set[str]]:
    """Claim all at the same moment; answers what each got by what was answered."""
    held: dict[str, set[str]] = {"wu": set(), "qi": set()}
    gate = threading.Barrier(len(claims))

    def claim(number: int, who: str, customer: str) -> None:
        gate.wait(limit(20))
        one = ClaimCustomer(id=customer, owner=who)
        answer = platform.executor.execute(request(one, "t", f"claim-{number}"))
        if isinstance(answer, Outcome) and answer.refusal is None:
            held[who].add(customer)

    threads = [
        threading.Thread(target=claim, args=(number, who, f"C{customer}"))
        for number, (who, customer) in enumerate(claims)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(limit(60))
    return held
