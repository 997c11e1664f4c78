"""A month of a small company, which nobody has to watch: what is due happens by itself.

From the 2nd of March on the clock moves as the story says. The company changes its rules from the
15th; what was decided before stays decided. Large orders need a signature, and people are told of
what concerns them.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from api.conftest import prepared, served
from asking import Asking
from originals import Originals
from receivers import MailBox, mail_server
from virtual_days import NoticedDays

from infra.keys import Keys

MARCH = "2026-03-{}:00+08:00"
LARGE = {
    "name": "large",
    "document": "order",
    "where": "amount.gte=1500",
    "steps": [
        {
            "signers": [{"account": "gao"}],
            "remind_hours": 24,
            "escalate_hours": 72,
            "escalate_to": [{"account": "chen"}],
        }
    ],
}


class Company:
    def __init__(self, days: NoticedDays, box: MailBox) -> None:
        self.days, self.api, self.box = days, days.api, box

    def at(self, moment: str) -> None:
        """Let the time pass up to `05T09:00`, by the company's clock."""
        self.days.until(MARCH.format(moment))

    def does(self, command: str, **content: Any) -> None:
        self.api.done(command, **content)
        self.days.run()

    def acts(self, account: str, command: str, **content: Any) -> None:
        """Somebody asks by a key of his own."""
        self._by(account).done(command, **content)
        self.days.run()

    def inbox(self, account: str) -> list[str]:
        """What somebody was told, the first first: what happened, and with what."""
        found = self._by(account).get("/notices", limit=100)["data"]
        return [f"{one['type']} {one['stream'].partition('-')[2]}" for one in reversed(found)]

    def mails(self) -> list[str]:
        """The subjects of what was sent by mail."""
        return [str(mail["Subject"]) for mail in self.box.mails]

    def mailed_daily(self, account: str, at: int) -> None:
        """What the account is to sign is sent to it once a day, at that hour."""
        mail = {"channel": "mail", "address": f"{account}@example.com"}
        answer = self._by(account).client.post("/destinations", json=mail)
        made = answer.json()["id"]
        self.days.sender.send(made)
        code = str(self.box.mails.pop()["Subject"]).partition(":")[0]
        self._by(account).client.post(f"/destinations/{made}/confirm", json={"code": code})
        daily = {"destination": made, "digest_at": at, "language": "en"}
        self.acts(account, "subscribe", id=account, name="approval-to-sign", **daily)

    def _by(self, account: str) -> Any:
        key = Keys(self.api.platform.database).new(account)
        client = Asking(self.api.client.app, headers={"Authorization": f"Bearer {key}"})
        return type(self.api)(client, self.api.platform)

    def tells(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get("/events", type=kind)["data"]
        return found

    def days_of(self, kind: str) -> list[str]:
        """The days of March on which it happened."""
        return [one["occurred_at"][8:10] for one in self.tells(kind)]

    def shows(self, address: str, **asked: Any) -> Any:
        self.api.feed()
        return self.api.get(address, **asked)["data"]


@pytest.fixture
def company(originals: Originals) -> Iterator[Company]:
    with originals.copied("sqlite", prepared) as url, mail_server() as (box, port):
        mails = {"smtp_host": "127.0.0.1", "smtp_security": "none", "smtp_port": port}
        with served(url, mail_from="notices@example.com", **mails) as api:
            yield founded(Company(NoticedDays(api), box))


def founded(made: Company) -> Company:
    made.does("hire-rep", id="li", name="Li Na", department="sales", region="east")
    made.does("register-customer", id="corner", name="Corner", customer_kind="retailer", owner="li")
    made.does("register-customer", id="agent", name="Agent", customer_kind="dealer", owner="li")
    tea = {"name": "Tea", "category": "drinks", "unit": "box", "list_price": 100}
    made.does("add-product", id="tea", **tea, currency="CNY")
    made.does("enrol-member", id="wu", name="Wu", phone="13800000000", dealer="agent")
    for account in ("tester", "gao", "chen", "wang"):
        made.does("open-account", id=account)
    made.does("open-account", id="li", person="li")
    made.does("grant-role", id="li", role="representative", own="owner")
    for account in ("gao", "chen", "wang"):
        made.does("grant-role", id=account, role="sales-manager", everything=True)
    return made


def settles(company: Company, name: str, since: str | None = None, **values: Any) -> None:
    more = {} if since is None else {"valid_from": since}
    company.does("change-settings", id=name, values=values, reason="as agreed", **more)


def orders(company: Company, order: str, boxes: int) -> None:
    lines = [{"item": "tea", "quantity": boxes}]
    company.does("draft-order", id=order, customer="corner", warehouse="main", lines=lines)
    company.does("submit-order", id=order)
    company.api.ask("approve-order", id=order)
    company.days.run()


def submits(company: Company, order: str, boxes: int) -> None:
    """Li does, for a customer of hers; whatever follows comes by itself."""
    lines = [{"item": "tea", "quantity": boxes}]
    company.acts("li", "draft-order", id=order, customer="corner", warehouse="main", lines=lines)
    company.acts("li", "submit-order", id=order)


def buys(company: Company, bill: str, amount: int) -> None:
    bought = {"currency": "CNY", "lines": [{"item": "tea", "quantity": 1, "amount": amount}]}
    company.does("record-purchase", id="wu", purchase=bill, dealer="agent", **bought)


@pytest.mark.capability("PL-06", "OR-02", "CU-16")
def test_a_month_in_which_what_is_due_happens_by_itself(company: Company) -> None:
    # On the 2nd goods come in, and the company says how long they are held, and what will
    # change from the 15th on.
    goods = {"location": "main", "item": "tea", "reference": "R-1"}
    company.does("receive-stock", **goods, quantity=10)
    settles(company, "inventory.reservations", days=5)
    settles(company, "inventory.reservations", "2026-03-15", days=2)
    settles(company, "loyalty.earning", "2026-03-15", points=2)
    settles(company, "fieldwork.tasks", "2026-03-15", repeat_days=7)
    settles(company, "approvals.routes", routes=[LARGE])
    company.mailed_daily("gao", at=8)

    # On the 3rd an order takes all goods, and a second one waits for some.
    company.at("03T10:00")
    orders(company, "O-1", 10)
    orders(company, "O-2", 4)
    visit = {"title": "Talk about the spring", "appointment_kind": "visit", "owner": "li"}
    when = {"starts_at": MARCH.format("12T14:00"), "ends_at": MARCH.format("12T15:00")}
    company.does("plan-appointment", id="A-1", **visit, **when, customer="corner")
    contract = {"title": "Bring the signed contract", "owner": "li", "customer": "corner"}
    company.does("create-task", id="T-1", **contract, due=MARCH.format("10T18:00"))

    # On the 5th a member buys for 50 yuan, and is given 70 points that end with the 20th.
    company.at("05T09:00")
    company.does("earn-points", id="wu", purchase="gift", points=70, expires_on="2026-03-20")
    buys(company, "bill-1", 5_000)

    # On the 8th the goods of the first order have been held for five days: the second has them.
    company.at("08T09:00")
    assert company.shows("/orders/O-1")["status"] == "approved"
    company.at("09T09:00")
    assert company.shows("/orders/O-1")["status"] == "submitted"
    assert company.shows("/orders/O-2")["status"] == "approved"
    company.does("ship-order", id="O-2", shipment="S-2")

    # On the 12th the visit is reminded of, and takes place.
    company.at("12T16:00")
    assert company.days_of("AppointmentReminded") == ["12"]
    company.does("hold-appointment", id="A-1", result="They take 20 boxes in April")

    # The contract is not there on the 10th: that is told every day, and from the 15th every week.
    company.at("19T20:00")
    assert company.days_of("TaskReminded") == ["09"]
    assert company.days_of("TaskOverdue") == ["10", "11", "12", "13", "14", "15", "17"]
    versions = Counter(one["data"]["settings"] for one in company.tells("TaskOverdue"))
    assert versions == {None: 5, "fieldwork.tasks:1": 2}
    assert company.shows("/task-counts")[0]["overdue"] == 1
    company.does("complete-task", id="T-1", result="It is in the safe")

    # What is bought after the 15th earns twice as much; an order then is held for two days.
    buys(company, "bill-2", 5_000)
    orders(company, "O-3", 6)
    company.at("22T09:00")
    assert company.shows("/orders/O-3")["status"] == "submitted"
    assert company.days_of("OrderReservationLapsed") == ["08", "21"]

    # On the 23rd Li submits two large orders, which Gao has to sign. He is sent one mail the next
    # morning, and refuses one of them.
    company.at("23T10:00")
    company.does("receive-stock", location="main", item="tea", reference="R-2", quantity=30)
    submits(company, "O-4", 20)
    submits(company, "O-5", 15)
    to_sign = ["ApprovalStepOpened order:O-4:1", "ApprovalStepOpened order:O-5:1"]
    assert company.inbox("gao") == to_sign
    company.at("24T07:59")
    assert company.mails() == []
    company.at("24T09:00")
    assert company.mails() == ["2 notices"]
    no = {"step": 1, "reason": "Too much for this shop"}
    company.acts("gao", "refuse-approval", id="order:O-5:1", **no)
    assert company.shows("/orders/O-5")["status"] == "rejected"

    # He forgets the other: he is reminded after a day, and after three Chen may sign as well, who
    # is away. Wang stands in for her, and the order goes on by itself.
    away = {"since": MARCH.format("25T00:00"), "until": MARCH.format("30T00:00")}
    company.acts("chen", "announce-absence", id="chen", stand_in="wang", **away)
    company.at("26T12:00")
    assert company.days_of("ApprovalReminded") == ["24"]
    assert company.days_of("ApprovalEscalated") == ["26"]
    assert company.inbox("wang") == company.inbox("chen") == ["ApprovalEscalated order:O-4:1"]
    assert company.shows("/orders/O-4")["status"] == "submitted"
    company.acts("wang", "sign-approval", id="order:O-4:1", step=1, in_place_of="chen")
    assert company.shows("/orders/O-4")["status"] == "approved"
    company.does("ship-order", id="O-4", shipment="S-4")

    # At the end of the month the gift has ended with its day, and nothing else is due.
    company.at("31T23:00")
    assert [one["data"]["points"] for one in company.tells("PointsExpired")] == [70]
    assert company.days_of("PointsExpired") == ["20"], "the 21st has begun here, not yet in UTC"
    assert company.shows("/points", member="wu")[0]["balance"] == 50 + 100
    (counted,) = company.shows("/task-counts")
    assert [counted[name] for name in ("open", "overdue", "done", "late")] == [0, 0, 1, 1]
    left = company.api.get("/deadlines")["data"]
    assert {one["purpose"] for one in left} == {"expiry"}

    # Everybody was told once of what concerns him, and is not told again by a worker that takes
    # over: Gao by mail as well, in the morning after.
    company.days.restart(company.api)
    company.days.run()
    assert company.inbox("gao") == [*to_sign, "ApprovalReminded order:O-4:1"]
    assert company.mails() == ["2 notices", "Approval reminded: Approval order:O-4:1"]
    assert Counter(company.inbox("li")) == {
        "TaskCreated T-1": 1,
        "OrderApprovalRefused O-2": 1,
        "OrderReservationLapsed O-1": 1,
        "OrderReservationLapsed O-3": 1,
        "TaskReminded T-1": 1,
        "TaskOverdue T-1": 7,
        "OrderRejected O-5": 1,
        "ApprovalCompleted order:O-4:1": 1,
    }

    # The month can be read afterwards: what happened with the customer, the latest first.
    told = [one["type"] for one in company.shows("/customers/corner/timeline", limit=200)]
    assert {"AppointmentPlanned", "TaskCreated", "OrderDrafted", "OrderShipped"} <= set(told)
    assert company.shows("/orders/O-1", as_of="2026-03-07T00:00:00Z")["status"] == "approved"
