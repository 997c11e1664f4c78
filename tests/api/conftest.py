"""The API over a database of the test's own, with views that move when the test says so."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from asking import Asking
from httpx2 import Client, Response
from originals import Originals, prepared
from pace import limit
from pace import limits as patient

from infra.keys import Keys
from infra.limits import Limits
from infra.settings import Settings
from services import bootstrap
from services.api.app import build
from services.api.serving import Server, listen
from services.bootstrap import Platform
from services.workers.apply import Applier
from services.workers.follow import Follower

NUMBERS = count(1)


class Api:
    """What a client of the API does, in few words."""

    def __init__(self, client: Asking, platform: Platform) -> None:
        self.client = client
        self.platform = platform
        applier = Applier(platform.store, platform.views, platform.codec)
        self.follower = Follower(applier)
        self.follower.start()

    def ask(
        self, slug: str, *, key: str | None = None, bearer: str | None = None, **body: Any
    ) -> Response:
        """Whatever the stream's version is; by whose key, where it is not the client's."""
        headers = {"Idempotency-Key": key or f"test-{next(NUMBERS)}", "If-Match": "*"}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        return self.client.post(f"/commands/{slug}", json=body, headers=headers)

    def done(self, slug: str, **body: Any) -> dict[str, Any]:
        answer = self.ask(slug, **body)
        assert answer.status_code in {200, 201}, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        answer = self.client.get(path, params=params or None)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def pages(self, path: str, name: str = "data", **params: Any) -> Iterator[list[Any]]:
        """All pages, by their `next` links."""
        page = self.get(path, **params)
        yield page[name]
        while page["next"]:
            page = self.get(page["next"])
            yield page[name]

    @contextmanager
    def listening(self) -> Iterator[tuple[Client, Server]]:
        """The same platform behind a real server: streams need a real connection."""
        port = listen("127.0.0.1", 0)
        server = Server(build(self.platform))
        thread = threading.Thread(target=server.run, args=([port],), daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{port.getsockname()[1]}"
        headers = {"Authorization": self.client.headers["Authorization"]}
        try:
            with Client(base_url=address, headers=headers, timeout=limit(20)) as client:
                yield client, server
        finally:
            server.handle_exit(2, None)
            thread.join(15)
            port.close()
        assert not thread.is_alive()

    def feed(self) -> None:
        """Bring the views up to the log's head."""
        while self.follower.step():
            pass


@contextmanager
def served(
    url: str, *, empty: bool = False, limits: Limits | None = None, **settings: Any
) -> Iterator[Api]:
    """The API over what was copied from an original, or made by a run before; or over nothing."""
    made = Settings(database_url=url, **settings)  # type: ignore[arg-type]
    platform = bootstrap.platform(made, limits=limits or patient())
    if empty:
        platform.prepare()
    key = Keys(platform.database).new("tester")
    headers = {"Authorization": f"Bearer {key}"}
    with Asking(build(platform), headers=headers) as client:
        yield Api(client, platform)
    platform.close()


def with_company(url: str) -> None:
    with served(url) as made:
        founded(made)


@pytest.fixture
def api(originals: Originals) -> Iterator[Api]:
    with originals.copied("sqlite", prepared) as url, served(url) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """The test runs once on each kind of database."""
    return str(request.param)


@pytest.fixture
def both(kind: str, originals: Originals) -> Iterator[Api]:
    with originals.copied(kind, prepared) as url, served(url) as made:
        yield made


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest, originals: Originals) -> Iterator[Api]:
    """For tests of one module that read, or are refused, and leave it as the first one made it."""
    with originals.copied(request.param, prepared) as url, served(url) as made:
        yield made


@pytest.fixture(scope="module")
def company(originals: Originals) -> Iterator[Api]:
    """The company of `founded`, to be read and not changed."""
    with originals.copied("sqlite", with_company) as url, served(url) as made:
        yield made


@pytest.fixture
def own_company(kind: str, originals: Originals) -> Iterator[Api]:
    """The company of `founded`, for the test alone, on each kind of database."""
    with originals.copied(kind, with_company) as url, served(url) as made:
        yield made


@pytest.fixture
def sole_company(originals: Originals) -> Iterator[Api]:
    """The same, on one kind of database: where there is nothing in it that differs."""
    with originals.copied("sqlite", with_company) as url, served(url) as made:
        yield made


def founded(api: Api) -> None:
    """Two departments, four deals at several stages, stock in two places, sales by a dealer."""
    api.done("hire-rep", id="li", name="Li", department="east", region="shanghai")
    api.done("hire-rep", id="wu", name="Wu", department="south", region="canton")
    for customer, owner in (("C1", "li"), ("C2", "wu"), ("C3", "li")):
        kind = "dealer" if customer != "C3" else "retailer"
        api.done("register-customer", id=customer, name=customer, customer_kind=kind, owner=owner)
    for item, price in (("tea", 1_500), ("cup", 900)):
        what = {"category": "goods", "unit": "box", "currency": "CNY"}
        api.done("add-product", id=item, name=item, list_price=price, cost=price // 2, **what)
        move = {"item": item, "quantity": 500, "reference": f"open-{item}"}
        api.done("receive-stock", location="WH", **move)
    _deals(api)
    _orders(api)
    api.feed()


def _deals(api: Api) -> None:
    for number, customer in enumerate(("C1", "C2", "C3", "C1"), 1):
        what = {"customer": customer, "title": f"Deal {number}", "currency": "CNY"}
        api.done("open-opportunity", id=f"D{number}", amount=number * 10_000, **what)
    for deal in ("D1", "D2"):
        api.done("advance-opportunity", id=deal, stage="proposal")
    api.done("advance-opportunity", id="D1", stage="needs_analysis")
    api.done("revalue-opportunity", id="D2", amount=33_333)
    api.done("win-opportunity", id="D2")
    api.done("lose-opportunity", id="D3", reason="price")
    api.done("reassign-opportunity", id="D4", rep="wu")


def _orders(api: Api) -> None:
    api.done("enrol-member", id="M1", name="Ann", dealer="C1")
    for number, (customer, tea, cups) in enumerate((("C1", 40, 7), ("C2", 11, 5), ("C3", 3, 2))):
        lines = [{"item": "tea", "quantity": tea}, {"item": "cup", "quantity": cups}]
        order = f"O{number}"
        api.done("draft-order", id=order, customer=customer, warehouse="WH", lines=lines)
        api.done("submit-order", id=order)
        api.done("approve-order", id=order)
        api.done("ship-order", id=order, shipment=f"S{number}")
    part = [{"line": 1, "quantity": 2}]
    api.done("return-order", id="O2", return_id="R1", lines=part, reason="broken")
    api.done("receive-transfer", location="C1", item="tea", transfer="S0", quantity=39, lost=1)
    bought = [{"item": "tea", "quantity": 4, "amount": 8_050}]
    api.done("record-purchase", id="M1", purchase="P1", dealer="C1", currency="CNY", lines=bought)
    api.done("redeem-points", id="M1", redemption="G1", form="gift", points=30)
