"""March of a new dealer, told by those who work with him: from a lead to what he owes and sold.

Each figure is worked out by hand beside where it is read; amounts are in fen.
"""

from typing import Any

from api.test_access_commands import Company
from virtual_days import Days

MARCH = {"dealer": "L-1", "statement": "CNY-2026-03"}
MONEY = {"currency": "CNY"}
TEA, TEA_FOR_DEALERS, CUP = 10_000, 9_000, 4_000
QUOTED = 80 * TEA_FOR_DEALERS * 95 // 100 + 20 * CUP
DELIVERED = 50 * TEA_FOR_DEALERS * 95 // 100 + 20 * CUP
PAID = 400_000
assert (QUOTED, DELIVERED) == (764_000, 507_500)


class Month(Company):
    """Li sells in the east and Wu in the west, Mei heads them; the others work for all."""

    def __init__(self, api: Any) -> None:
        self.days = Days(api)
        super().__init__(api)
        self.keys = dict[str, str]()
        for colleague, role in (("he", "warehouse"), ("qian", "finance"), ("yu", "member-desk")):
            staff = {"name": colleague, "department": "sales", "region": "east", "sells": False}
            api.done("hire-rep", id=colleague, **staff)
            self.open(colleague, role, everything=True)
        for item, name, price in (("tea", "乌龙茶 Oolong", TEA), ("cup", "茶杯 Cup", CUP)):
            what = {"category": "goods", "unit": "box", "list_price": price, **MONEY}
            api.done("add-product", id=item, name=name, **what)
            api.done("receive-stock", location="main", item=item, quantity=100, reference="R-1")
        dealers = {"name": "Dealers", "priority": 1, "customer_kind": "dealer"}
        api.done("register-price-list", id="dealers", **dealers, **MONEY)
        breaks = [{"quantity": 1, "unit_price": TEA_FOR_DEALERS}]
        api.done("set-list-price", price_list="dealers", product="tea", breaks=breaks)
        for metric, amount in (("amount", 1_000_000), ("cash_collected", 500_000)):
            what = {"period": "2026-03", "metric": metric, "amount": amount, "rep": "li"}
            api.done("set-target", id=metric, **what, **MONEY)

    def key(self, actor: str) -> str:
        if actor not in self.keys:
            self.keys[actor] = super().key(actor)
        return self.keys[actor]

    def on(self, day: int) -> None:
        self.days.until(f"2026-03-{day:02d}T10:00:00+08:00")

    def does(self, actor: str, command: str, **content: Any) -> dict[str, Any]:
        answer = self.ask(actor, command, **content)
        assert answer.status_code in {200, 201}, answer.text
        self.days.run()
        found: dict[str, Any] = answer.json()
        return found

    def sees(self, actor: str, path: str, **asked: Any) -> Any:
        self.api.feed()
        key = {"Authorization": f"Bearer {self.key(actor)}"}
        answer = self.api.client.get(path, params=asked, headers=key)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def sums(self, actor: str, path: str, *measures: str, **asked: Any) -> tuple[Any, ...]:
        """Some figures of the one row that is asked for."""
        (row,) = self.sees(actor, path, **asked)
        return tuple(row[name] for name in measures)


def test_a_month_of_a_dealer_comes_to_what_one_reckons_by_hand(api: Any) -> None:
    month = Month(api)
    does, sees, sums = month.does, month.sees, month.sums

    # On the 3rd Li hears of a company that wants tea. It becomes a dealer of his, and a deal.
    month.on(3)
    found = {"company": "鼎盛商贸", "contact_name": "Zhao", "phone": "13900001111"}
    need = {"title": "Tea for 40 shops", "amount": 900_000, "products": ["tea"], **MONEY}
    does("li", "capture-lead", id="L-1", source="visit", **found, **need)
    does("li", "qualify-lead", id="L-1", comment="He decides himself")
    does("li", "convert-lead", id="L-1", customer_kind="dealer")
    dealer = sees("li", "/customers/L-1")
    assert (dealer["name"], dealer["owner"], dealer["source"]) == ("鼎盛商贸", "li", "visit")
    (deal,) = sees("li", "/opportunities", customer="L-1")
    assert (deal["amount"], deal["status"]) == (900_000, "open")
    assert sees("wu", "/opportunities") == []

    # On the 4th he offers 80 boxes at the dealers' price less 5 %, and 20 of cups at theirs.
    month.on(4)
    does("li", "advance-opportunity", id=deal["id"], stage="proposal")
    lines = [
        {"item": "tea", "quantity": 80, "discount_bp": 500},
        {"item": "cup", "quantity": 20},
    ]
    offer = {"customer": "L-1", "warehouse": "main", "valid_until": "2026-03-31"}
    does("li", "draft-quotation", id="Q-1", lines=lines, opportunity=deal["id"], **offer)
    does("li", "send-quotation", id="Q-1")
    assert sees("li", "/quotations/Q-1")["amount"] == QUOTED

    # On the 6th he takes it. The order is 64,000 beyond what Qian lets him owe, and then is not.
    month.on(6)
    limit = {"id": "L-1", "reason": "new here", **MONEY}
    does("qian", "set-credit-limit", limit=700_000, **limit)
    does("li", "accept-quotation", id="Q-1", revision=1, reference="PO-7")
    does("li", "order-quotation", id="Q-1", revision=1)
    order = sees("li", "/quotations/Q-1")["order"]
    does("li", "submit-order", id=order)
    refused, why = month.says("mei", "approve-order", id=order)
    assert (refused, "CNY 640.00" in why) == (409, True)
    does("qian", "set-credit-limit", limit=800_000, **limit)
    does("mei", "approve-order", id=order)
    does("li", "revalue-opportunity", id=deal["id"], amount=QUOTED)
    does("li", "win-opportunity", id=deal["id"], order=order)
    place = {"location": "main", "item": "tea"}
    assert sums("he", "/stock", "on_hand", "reserved", "available", **place) == (100, 80, 20)

    # On the 9th 50 boxes of tea and all cups leave; 30 boxes stay reserved. All arrives.
    month.on(9)
    part = [{"line": 1, "quantity": 50}, {"line": 2, "quantity": 20}]
    does("he", "ship-order", id=order, shipment="S-1", lines=part)
    assert sums("he", "/stock", "on_hand", "reserved", "available", **place) == (50, 30, 20)
    month.on(11)
    for item, came in (("tea", 50), ("cup", 20)):
        does("he", "receive-transfer", location="L-1", item=item, transfer="S-1", quantity=came)
    assert sums("li", "/stock", "on_hand", location="L-1", item="tea") == (50,)
    assert sees("li", f"/orders/{order}")["status"] == "partly_shipped"

    # On the 12th it is invoiced, and on the 20th he pays a part.
    month.on(12)
    does("qian", "issue-invoice", id="V-1", order=order, shipment="S-1")
    before = does("qian", "agree-payment-terms", id="L-1", due_days=30)["position"]
    month.on(20)
    does("qian", "receive-payment", id="P-1", customer="L-1", amount=PAID, way="bank_transfer",
         reference="N-1", **MONEY)  # fmt: skip
    does("qian", "allocate-receipt", id="P-1", allocation="A-1")
    owes = DELIVERED - PAID
    assert owes == 107_500
    asked = {"customer": "L-1"}
    assert sums("qian", "/receivables", "invoiced", "paid", "open", **asked) == (
        507_500,
        PAID,
        owes,
    )
    assert sums("li", "/receivables", "open", **asked, as_of=before) == (507_500,)

    # On the 25th a member buys 3 boxes from him, and he tells of 12 that went to a shop.
    month.on(25)
    api.done("open-account", id="zhao", dealer="L-1")
    api.done("grant-role", id="zhao", role="dealer", dealers=["L-1"])
    does("mei", "register-outlet", id="corner", name="Corner", dealer="L-1", region="east")
    went = [{"outlet": "corner", "item": "tea", "quantity": 12, "amount": 144_000}]
    does("zhao", "report-goods-flow", dealer="L-1", report="W-12", lines=went)
    assert sums("li", "/sell-through", "quantity", "amount", outlet="corner") == (12, 144_000)
    does("yu", "enrol-member", id="M-1", name="Sun", phone="13800000000", dealer="L-1")
    bought = [{"item": "tea", "quantity": 3, "amount": 36_000}]
    does("yu", "record-purchase", id="M-1", purchase="B-1", dealer="L-1", lines=bought, **MONEY)
    does("yu", "redeem-points", id="M-1", redemption="G-1", form="gift", points=100, reward="cup")
    assert sums("yu", "/points", "earned", "redeemed", "balance", member="M-1") == (360, 100, 260)
    assert sums("li", "/stock", "on_hand", location="L-1", item="tea") == (47,)

    # Wu sells 10 boxes to a dealer of his as well, so that there is somebody to rank.
    month.on(27)
    lines = [{"item": "tea", "quantity": 10}]
    does("wu", "draft-order", id="O-2", customer="D-wu", warehouse="main", lines=lines)
    does("wu", "submit-order", id="O-2")
    does("mei", "approve-order", id="O-2")
    does("he", "ship-order", id="O-2", shipment="S-2")

    # March is over: he gets his statement and confirms it, and everybody sees what was reached.
    month.days.until("2026-04-01T09:00:00+08:00")
    does("qian", "send-statement", **MARCH)
    statement = sees("zhao", "/statements/L-1:CNY-2026-03")
    told = [(one["entry"], one["quantity"], one["amount"]) for one in statement["lines"]]
    assert told == [("shipped", 70, 0), ("invoiced", 0, DELIVERED), ("paid", 0, -PAID)]
    assert (statement["opening"], statement["closing"]) == (0, owes)
    does("zhao", "confirm-statement", **MARCH)
    assert sees("qian", "/statements/L-1:CNY-2026-03")["status"] == "confirmed"

    march = {"first": "2026-03-01", "last": "2026-03-31"}
    reached = ("planned", "actual", "rate_bp", "gap")
    assert sums("mei", "/attainment", *reached, target="amount") == (
        1_000_000, DELIVERED, 5_075, 492_500)  # fmt: skip
    assert sums("li", "/attainment", *reached, target="cash_collected") == (
        500_000, PAID, 8_000, 100_000)  # fmt: skip
    board = [(one["subject"], one["amount"]) for one in sees("mei", "/rankings/reps", **march)]
    assert board == [("li", DELIVERED), ("wu", 10 * TEA_FOR_DEALERS)]
    (best, _) = sees("mei", "/rankings/dealers", by="sell_out_amount", **march)
    assert (best["subject"], best["sell_out_amount"], best["sell_out_quantity"]) == (
        "L-1", 36_000, 3)  # fmt: skip

    # The deal is closed as won with what was ordered, and he may still owe 436,000 more: what is
    # open of the order, 256,500, and of the invoice count against his 800,000.
    assert sees("li", f"/opportunities/{deal['id']}")["amount"] == QUOTED
    account = sees("qian", "/customer_accounts/L-1")
    open_documents = {one["document"]: one["amount"] for one in account["open_documents"]}
    assert open_documents == {"V-1": owes, order: QUOTED - DELIVERED}
    file = month.api.get("/dealers/L-1/file")
    assert (file["orders"]["count"], file["sell_in"][0]["amount"]) == (1, DELIVERED)
