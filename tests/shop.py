"""A shop with a log of its own: what is asked of it, what happened, and who drives it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from aggregates import Event, Refused
from aggregates.orders.order import OrderApprovalRefused, OrderApproved, SalesOrder
from commands import Command
from commands.catalog.product import AddProduct
from commands.customers.customer import RegisterCustomer
from commands.inventory.stock import ReceiveStock
from commands.orders.order import ApproveOrder, DraftOrder, Line, SubmitOrder
from commands.organisation.rep import HireRep
from infra.codec import Codec
from infra.database import Database
from infra.events import Recorded
from infra.executor import Executor
from infra.log import Log
from infra.recorder import LogRecorder
from infra.requests import Outcome
from services.bootstrap import PROCESSES, request
from services.processes import Process, parking, positions
from services.workers.drive import ProcessRunner

ITEMS = "I1", "I2", "I3"


class HeldClock:
    """Time passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.at = 1_772_452_800_000_000
        self.stepped = 0

    def now(self) -> int:
        return self.at

    def elapsed(self) -> int:
        return self.at - self.stepped

    def sleep(self, seconds: float) -> None:
        self.at += int(seconds * 1_000_000)

    def step(self, seconds: float) -> None:
        """Set the date to another, while no time passes."""
        self.sleep(seconds)
        self.stepped += int(seconds * 1_000_000)


class Shop:
    def __init__(self, url: str) -> None:
        self.clock = HeldClock()
        self.database = Database(url, durable=False, clock=self.clock)
        self.store = LogRecorder(self.database)
        self.codec = Codec(Event.known)
        self.executor = self.start()
        self.receipts = 0

    def start(self) -> Executor:
        """A new process, as it were: it remembers nothing."""
        return Executor(Log(self.store, self.codec), Refused)

    def driver(self, processes: Iterable[Process] = PROCESSES) -> ProcessRunner:
        return ProcessRunner(self.store, self.start(), self.codec, tuple(processes))

    def open(self) -> None:
        self.store.create()
        with self.database.write() as connection:
            positions.create(connection)
        self.ask(HireRep(id="li", name="Li", department="east", region="shanghai"))
        for customer in ("C1", "C2"):
            kind = {"name": customer, "customer_kind": "retailer"}
            self.ask(RegisterCustomer(id=customer, **kind, owner="li"))
        for item in ITEMS:
            of = {"name": item, "category": "x", "unit": "box", "list_price": 100}
            self.ask(AddProduct(id=item, currency="CNY", **of))

    def ask(self, *commands: Command) -> Outcome:
        """Ask one after the other; answer the last outcome."""
        outcomes = [self.executor.execute(request(command, "tester")) for command in commands]
        return outcomes[-1]

    def order(self, id: str, customer: str = "C1", **items: int) -> Outcome:
        """An order that was drafted, submitted and put up for approval."""
        lines = tuple(Line(item=item, quantity=quantity) for item, quantity in items.items())
        draft = DraftOrder(id=id, customer=customer, warehouse="W1", lines=lines)
        return self.ask(draft, SubmitOrder(id=id), ApproveOrder(id=id, approver="boss"))

    def receive(self, item: str, quantity: int) -> Outcome:
        self.receipts += 1
        what = {"item": item, "quantity": quantity, "reference": f"R{self.receipts}"}
        return self.ask(ReceiveStock(location="W1", **what))

    def drain(self, driver: ProcessRunner | None = None) -> None:
        """Drive until nothing is left; a hundred steps are more than enough."""
        driver = driver or self.driver()
        for _ in range(100):
            if not driver.step() and not driver.troubles:
                return
            self.clock.sleep(61)
        raise AssertionError(f"not drained: {driver.troubles}")

    def history(self) -> list[Recorded]:
        with self.database.read() as connection:
            return self.store.read(connection, 0, 100_000)

    def said(self, *kinds: type[Event]) -> list[tuple[str, Any]]:
        """Stream by stream, what happened of those kinds."""
        names = {kind.__name__ for kind in kinds}
        return [
            (each.stream, self.codec.decode(each.type, each.schema, each.data))
            for each in self.history()
            if each.type in names
        ]

    def approvals(self) -> Counter[str]:
        return Counter(stream.removeprefix("order-") for stream, _ in self.said(OrderApproved))

    def refusals(self) -> dict[str, str]:
        """Orders whose approval was refused, with the content refused last."""
        said = self.said(OrderApprovalRefused)
        return {stream.removeprefix("order-"): event.content for stream, event in said}

    def load(self, kind: type[Any], id: str) -> Any:
        """The state by the log alone, whatever anybody has cached."""
        log = Log(self.store, self.codec)
        with self.database.read() as connection:
            return log.load(connection, kind, kind.stream(id))[0]

    def status(self, order: str) -> str:
        found: SalesOrder = self.load(SalesOrder, order)
        return found.status

    def parked(self, process: str = "backorders") -> dict[str, list[tuple[int, str]]]:
        """What waits for a process: by stream the positions, each with why."""
        with self.database.read() as connection:
            return {
                stream: [
                    (one.position, one.error)
                    for one in parking.waiting(connection, process, self.store.log, stream)
                ]
                for stream in parking.streams(connection, process, self.store.log)
            }

    def position(self, process: str = "backorders") -> int:
        with self.database.read() as connection:
            return positions.of(connection, process, self.store.log)
