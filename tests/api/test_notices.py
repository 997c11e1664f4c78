"""People read in their inbox what happened with things of theirs, once, and nobody else does."""

from typing import Any

import pytest
from api.test_access_commands import Company
from api.test_access_reads import get

from services.notices.notifier import Notifier
from services.processes import refusals

LINE = {"item": "tea", "quantity": 1}


class Notified(Company):
    """Everybody is told of what happens from here on."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        add = {"category": "x", "unit": "box", "list_price": 100, "currency": "CNY"}
        api.done("add-product", id="tea", name="Tea", **add)
        self.ordered("li", "O-before")
        self.reject("O-before")
        self.notifier = Notifier(api.platform)
        self.tell()

    def tell(self, notifier: Notifier | None = None) -> None:
        told = notifier or self.notifier
        while told.step():
            pass
        assert told.trouble is None
        self.api.client.app.state.permissions.forget()

    def ordered(self, rep: str, order: str, quantity: int = 1) -> None:
        lines = [{"item": "tea", "quantity": quantity}]
        self.api.done("draft-order", id=order, customer=f"D-{rep}", warehouse="W1", lines=lines)
        self.api.done("submit-order", id=order)

    def reject(self, order: str, reason: str = "too dear") -> None:
        self.api.done("reject-order", id=order, reason=reason)

    def inbox(self, actor: str, **asked: Any) -> list[dict[str, Any]]:
        answer = get(self, actor, "/notices", **asked)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def unread(self, actor: str) -> int:
        return int(get(self, actor, "/notices/count").json()["count"])

    def post(self, actor: str, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key(actor)}"}
        return self.api.client.post(path, json=body, headers=headers)


@pytest.fixture
def notified(both: Any) -> Notified:
    return Notified(both)


def abouts(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["type"], row["stream"]) for row in rows]


def test_a_representative_reads_that_his_order_was_refused_and_nobody_elses(
    notified: Notified,
) -> None:
    for rep in ("li", "wu"):
        notified.ordered(rep, f"O-{rep}")
        notified.reject(f"O-{rep}", reason=f"no credit for {rep}")
    notified.tell()
    (row,) = notified.inbox("li")
    assert (row["title"], row["about"], row["link"]) == (
        "Order rejected: Sales order O-li",
        "no credit for li",
        "/orders/O-li",
    )
    assert (row["notice"], row["read_at"]) == ("order-refused", None)
    notified.api.feed()
    assert get(notified, "li", row["link"]).status_code == 200
    assert notified.inbox("mei") == notified.inbox("shop") == []


def test_a_notice_is_in_the_readers_language(notified: Notified) -> None:
    notified.ordered("li", "O1", quantity=9)
    assert notified.api.ask("approve-order", id="O1").status_code == 409
    notified.tell()
    headers = {"Authorization": f"Bearer {notified.key('li')}", "Accept-Language": "zh-CN"}
    (row,) = notified.api.client.get("/notices", headers=headers).json()["data"]
    assert "O1" in row["title"]
    assert "货物不足" in row["about"]


def test_what_happened_before_anybody_was_told_is_not_told(notified: Notified) -> None:
    assert notified.inbox("li") == []


def test_each_is_told_once_whoever_reads_the_log_again(notified: Notified) -> None:
    notified.ordered("li", "O1")
    notified.reject("O1")
    notified.tell()
    notified.tell(Notifier(notified.api.platform))
    assert len(notified.inbox("li")) == 1


def test_what_was_read_stands_behind_what_was_not_and_can_be_unread_again(
    notified: Notified,
) -> None:
    for number in range(4):
        notified.ordered("li", f"O{number}")
        notified.reject(f"O{number}")
    notified.tell()
    first = notified.inbox("li")
    assert [row["stream"] for row in first] == [f"order-O{n}" for n in (3, 2, 1, 0)]
    marked = notified.post("li", "/notices/read", ids=[first[0]["id"], first[2]["id"]]).json()
    assert marked == {"changed": 2, "unread": {"count": 2, "capped": False}}
    assert [row["stream"][-2:] for row in notified.inbox("li")] == ["O2", "O0", "O3", "O1"]
    assert [row["stream"][-2:] for row in notified.inbox("li", show="unread")] == ["O2", "O0"]
    assert notified.post("li", "/notices/unread", ids=[first[0]["id"]]).json()["changed"] == 1
    assert notified.unread("li") == 3
    assert notified.post("li", "/notices/read", everything=True).json()["changed"] == 3
    assert notified.unread("li") == 0


def test_the_pages_of_an_inbox_are_the_inbox(notified: Notified) -> None:
    for number in range(5):
        notified.ordered("li", f"O{number}")
        notified.reject(f"O{number}")
    notified.tell()
    every = notified.inbox("li")
    notified.post("li", "/notices/read", ids=[every[1]["id"], every[4]["id"]])
    every = notified.inbox("li")
    notified.api.client.headers["Authorization"] = f"Bearer {notified.key('li')}"
    pages = list(notified.api.pages("/notices", limit=2))
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [row for page in pages for row in page] == every


def test_nobody_marks_what_another_was_told_of(notified: Notified) -> None:
    notified.ordered("li", "O1")
    notified.reject("O1")
    notified.tell()
    (row,) = notified.inbox("li")
    assert notified.post("wu", "/notices/read", ids=[row["id"]]).json()["changed"] == 0
    assert notified.unread("li") == 1


def test_a_notice_of_a_thing_that_one_may_see_no_longer_is_not_shown(notified: Notified) -> None:
    notified.ordered("li", "O1")
    notified.reject("O1")
    notified.tell()
    assert notified.unread("li") == 1
    notified.api.done("grant-role", id="li", role="representative", departments=["west"])
    notified.tell()
    assert (notified.inbox("li"), notified.unread("li")) == ([], 0)
    notified.api.done("grant-role", id="li", role="representative", own="owner")
    notified.tell()
    assert notified.unread("li") == 1


def test_whoever_gets_a_customer_is_told_and_whoever_takes_it_himself_is_not(
    notified: Notified,
) -> None:
    notified.api.done("reassign-customer", id="D-li", owner="wu", reason="leave")
    notified.api.done("reassign-customer", id="D-wu", owner="wu", reason="a better reason")
    notified.tell()
    assert abouts(notified.inbox("wu")) == [("CustomerReassigned", "customer-D-li")]
    notified.api.done("open-account", id="wu-2", person="wu")
    notified.api.done("grant-role", id="wu-2", role="sales-manager", departments=["sales"])
    notified.api.done("reassign-customer", id="D-li", owner="li", reason="back")
    taken = {"id": "D-li", "owner": "wu", "reason": "mine"}
    assert notified.ask("wu-2", "reassign-customer", **taken).is_success
    notified.tell()
    assert (notified.unread("wu"), notified.unread("wu-2")) == (2, 0)


def test_an_account_is_told_no_more_of_what_it_unsubscribed_from(notified: Notified) -> None:
    assert notified.ask("li", "unsubscribe", id="li", name="order-refused").is_success
    notified.ordered("li", "O1")
    notified.reject("O1")
    notified.tell()
    assert notified.inbox("li") == []
    found = get(notified, "li", "/subscriptions").json()["data"]
    by_name = {one["name"]: one["subscribed"] for one in found}
    assert (by_name["order-refused"], by_name["customer-handed-over"]) == (False, True)


def test_an_account_is_told_of_events_that_it_asked_for_where_they_fit(notified: Notified) -> None:
    large = {"events": ["OrderSubmitted"], "where": "amount.gte=500"}
    assert notified.ask("mei", "subscribe", id="mei", name="large", **large).is_success
    notified.ordered("li", "O-small", 1)
    notified.ordered("wu", "O-large", 5)
    notified.tell()
    assert abouts(notified.inbox("mei")) == [("OrderSubmitted", "order-O-large")]


def test_own_things_are_those_of_the_person_or_of_the_dealer(notified: Notified) -> None:
    own = {"events": ["OrderSubmitted"], "own": True}
    for actor in ("li", "wu", "mei", "shop"):
        answer = notified.ask(actor, "subscribe", id=actor, name="own", **own)
        assert answer.is_success, answer.text
    notified.ordered("li", "O1")
    notified.tell()
    found = {actor: len(notified.inbox(actor)) for actor in ("li", "wu", "mei", "shop")}
    assert found == {"li": 1, "wu": 0, "mei": 0, "shop": 1}


def test_nobody_is_told_of_what_lies_beyond_his_scope(notified: Notified) -> None:
    every = {"events": ["OrderSubmitted"]}
    assert notified.ask("wu", "subscribe", id="wu", name="all", **every).is_success
    notified.ordered("li", "O1")
    notified.ordered("wu", "O2")
    notified.tell()
    assert abouts(notified.inbox("wu")) == [("OrderSubmitted", "order-O2")]


def test_nobody_subscribes_for_another(notified: Notified) -> None:
    answer = notified.ask("li", "subscribe", id="wu", name="x", events=["OrderSubmitted"])
    assert answer.status_code == 404
    assert notified.ask("tester", "subscribe", id="wu", name="order-refused").is_success


def test_a_closed_account_is_told_of_nothing(notified: Notified) -> None:
    notified.api.done("close-account", id="li", reason="left")
    notified.ordered("li", "O1")
    notified.reject("O1")
    notified.tell()
    assert notified.notifier.matcher.subscribers.accounts.keys() >= {"wu"}
    assert "li" not in notified.notifier.matcher.subscribers.accounts


def test_whoever_is_given_a_task_is_told_and_told_again_when_it_is_due(notified: Notified) -> None:
    given = {"title": "Call", "owner": "li", "due": "2099-01-01"}
    notified.api.done("create-task", id="T1", **given)
    assert notified.ask("li", "create-task", id="T2", **given).is_success
    notified.tell()
    assert abouts(notified.inbox("li")) == [("TaskCreated", "task-T1")]


def test_who_may_confirm_is_told_of_a_request_and_who_asked_of_the_answer(
    notified: Notified,
) -> None:
    done, ask = notified.api.done, notified.ask
    wanted = {"values": {"commands": ["freeze-customer"]}, "reason": "two pairs of eyes"}
    done("change-settings", id="approvals.second_person", **wanted)
    done("hire-rep", id="sun", name="Sun", department="sales", region="east")
    notified.open("sun", "sales-manager", departments=["sales"])
    answer = ask("mei", "freeze-customer", id="D-li", reason="unpaid")
    assert answer.status_code == 202, answer.text
    notified.tell()
    (row,) = notified.inbox("sun")
    assert (row["type"], notified.inbox("mei")) == ("ConfirmationRequested", [])
    request = row["stream"].partition("-")[2]
    assert ask("sun", "decline-request", id=request, reason="paid").is_success
    notified.tell()
    assert [row["type"] for row in notified.inbox("mei")] == ["RequestDeclined"]


def test_whoever_must_sign_is_told_and_who_asked_once_all_have_signed(notified: Notified) -> None:
    steps = [{"signers": [{"account": "mei"}]}]
    route = {"name": "large", "document": "order", "where": "amount.gte=500", "steps": steps}
    settled = {"values": {"routes": [route]}, "reason": "four eyes"}
    notified.api.done("change-settings", id="approvals.routes", **settled)
    lines = [{"item": "tea", "quantity": 5}]
    order = {"customer": "D-li", "warehouse": "W1", "lines": lines}
    assert notified.ask("li", "draft-order", id="O1", **order).is_success
    assert notified.ask("li", "submit-order", id="O1").is_success
    notified.tell()
    (row,) = notified.inbox("mei")
    assert (row["type"], notified.inbox("li")) == ("ApprovalStepOpened", [])
    assert notified.ask("mei", "sign-approval", id="order:O1:1", step=1).is_success
    notified.tell()
    assert [row["type"] for row in notified.inbox("li")] == ["ApprovalCompleted"]


def test_what_a_process_was_refused_is_told_once_to_those_who_operate(notified: Notified) -> None:
    notified.ordered("li", "O1")
    database = notified.api.platform.database
    row = {
        "process": "backorders",
        "log": "main",
        "position": 1,
        "number": 0,
        "command": "approve-order",
        "stream": "order-O1",
        "refusal": "NotSubmitted",
        "message": "The order is a draft.",
        "refused_at": 1,
    }
    for _ in range(2):
        with database.write() as connection:
            refusals.add(connection, [row])
        notified.tell()
    (told,) = notified.inbox("tester")
    assert told["title"] == "A process was refused: backorders, Approve order, Sales order O1"
    assert (told["about"], told["id"]) == ("NotSubmitted: The order is a draft.", "1:backorders:0")
    assert notified.inbox("li") == notified.inbox("mei") == []
    assert notified.post("tester", "/notices/read", ids=[told["id"]]).json()["changed"] == 1


def test_what_is_offered_can_be_narrowed_by_a_condition(notified: Notified) -> None:
    large = {"name": "order-refused", "where": "amount.gte=500"}
    assert notified.ask("li", "subscribe", id="li", **large).is_success
    for order, quantity in (("O-small", 1), ("O-large", 5)):
        notified.ordered("li", order, quantity)
        notified.reject(order)
    notified.tell()
    assert abouts(notified.inbox("li")) == [("OrderRejected", "order-O-large")]
