"""A day's work from beginning to end, by clicks and keys alone."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from .conftest import Reader

pytestmark = pytest.mark.timeout(900)
"""The first that needs it builds the console, and has the company live."""

OFFERED = ".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option"
COMPANY = "Pier Canteen"
HANDOVER = "HO-1"
REDEMPTION = "RD-1"
SHIPMENT = "SH-CANTEEN"
EXPLAINED = "All rows are shown, and they sum to the figure."


class Clerk:
    """Somebody who presses what the page offers, and fills in what is asked."""

    def __init__(self, reader: Reader) -> None:
        self.page = reader.page
        self.head = self.page.locator(".page-head")

    def chooses(self, command: str) -> None:
        """What may be done next is to hand, or in the menu beside it."""
        direct = self.head.get_by_role("link", name=command, exact=True)
        more = self.head.get_by_role("button", name="More")
        direct.or_(more).first.wait_for()
        if direct.count() > 0:
            direct.click()
        else:
            self._of_menu("More", command)
        self.page.get_by_role("heading", level=1, name=command).wait_for()

    def begins(self, command: str) -> None:
        self._of_menu("Begin", command)
        self.page.get_by_role("heading", level=1, name=command).wait_for()

    def _of_menu(self, menu: str, command: str) -> None:
        self.head.get_by_role("button", name=menu).click()
        self.page.get_by_role("menuitem", name=command, exact=True).click()

    def fills(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"#{name}").fill(value)

    def finds(self, field: str, words: str) -> None:
        self.page.locator(f"#{field}").fill(words)
        self.page.locator(f"{OFFERED}-active", has_text=words).wait_for()
        self.page.locator(f"#{field}").press("Enter")

    def picks(self, field: str, words: str) -> None:
        self.page.locator(f"#{field}").click()
        self.page.locator(OFFERED, has_text=words).first.click()

    def sends(self) -> None:
        self.page.locator("form button[type=submit]").click()

    def sees(self, status: str) -> None:
        expect(self.head.locator(".status")).to_have_text(status)

    def does(self, command: str, status: str, **fields: str) -> None:
        self.chooses(command)
        self.fills(**fields)
        self.sends()
        self.sees(status)

    def follows(self, kind: str) -> None:
        """The link to another thing that stands on the card."""
        self.page.locator(f"#content dd a[href*='/console/{kind}/']").first.click()
        self.page.wait_for_url(re.compile(f"/{kind}/"))


def test_a_need_becomes_a_sale_that_is_paid_and_each_figure_is_explained(reader: Reader) -> None:
    reader.enter()
    page, clerk = reader.page, Clerk(reader)
    ends = datetime.now(UTC).date() + timedelta(days=30)
    reader.open("leads")
    page.get_by_role("link", name="Capture lead").click()
    clerk.fills(title="Water for a canteen", company=COMPANY, amount="3000")
    clerk.picks("source", "Campaign")
    clerk.finds("currency", "CNY")
    page.get_by_role("button", name="More fields").click()
    clerk.finds("owner", "Chen Xiaolan")
    clerk.sends()
    clerk.does("Qualify lead", "Qualified")
    clerk.does("Convert lead", "Converted")
    clerk.follows("opportunities")
    clerk.begins("Draft quotation")
    expect(page.locator("form").get_by_text(COMPANY)).to_be_visible()
    clerk.finds("warehouse", "WH-SH")
    clerk.finds("lines_0_item", "Spring water")
    clerk.fills(lines_0_quantity="48", valid_until=f"{ends}")
    page.locator("#valid_until").press("Tab")
    clerk.sends()
    clerk.does("Send quotation", "Sent")
    clerk.does("Accept quotation", "Accepted", revision="1")
    clerk.does("Order quotation", "Ordered", revision="1")
    clerk.follows("orders")
    clerk.does("Submit order", "Submitted")
    clerk.does("Approve order", "Approved")
    clerk.does("Ship order", "Shipped", shipment=SHIPMENT)
    clerk.begins("Issue invoice")
    clerk.fills(shipment=SHIPMENT)
    clerk.sends()
    page.wait_for_url(re.compile("/console/invoices/"))
    clerk.follows("customers")
    customer = page.url
    clerk.begins("Receive payment")
    expect(page.locator("form").get_by_text(COMPANY)).to_be_visible()
    clerk.fills(amount="57.60")
    clerk.finds("currency", "CNY")
    clerk.sends()
    page.wait_for_url(re.compile("/console/receipts/"))
    number = clerk.head.get_by_role("heading", level=1).inner_text()
    reader.open("receivables?tab=allocation")
    page.get_by_role("button", name=number).click()
    page.get_by_role("button", name="Settle what is due first").click()
    expect(page.get_by_text("The payment is allocated.")).to_be_visible()
    page.goto(customer)
    figures = page.locator("a[href*='/why?']")
    figures.first.wait_for()
    bought, *others = [one.get_attribute("href") for one in figures.all()]
    expect(figures.first).to_contain_text("57.60")
    for figure in (bought, *others):
        page.goto(f"{reader.address}{figure}")
        expect(page.get_by_text(EXPLAINED)).to_be_visible()


def test_each_figure_of_a_page_about_somebody_leads_to_what_happened(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    figures = page.locator("a[href*='/why?']")
    told = page.request.get(f"{reader.address}/catalogue").json()["figures"]
    explained = {one["name"]: one["why"] for one in told}
    for path in ("customers/d-01", "customers/d-01?tab=file", "members/m-0001"):
        reader.open(path)
        figures.nth(4).wait_for()
        for one in figures.all():
            address = urlsplit(one.get_attribute("href"))
            name = address.path.split("/")[3]
            found = page.request.get(f"{reader.address}{explained[name]}?{address.query}")
            assert found.ok, f"{path}: {found.text()}"


def test_points_are_redeemed_and_the_balance_says_why_it_is_less(reader: Reader) -> None:
    reader.enter()
    page, clerk = reader.page, Clerk(reader)
    reader.open("members/m-0001")
    clerk.chooses("Redeem points")
    clerk.picks("form", "Gift")
    clerk.fills(redemption=REDEMPTION, points="5", reward="Tea cup")
    clerk.sends()
    balance = page.locator(".ant-card", has_text="Balance").get_by_role("link").first
    balance.click()
    expect(page.get_by_text(EXPLAINED)).to_be_visible()
    expect(page.get_by_role("link", name="Points redeemed").first).to_be_visible()


def test_what_a_leaver_holds_goes_over_in_one_act_and_comes_back_by_one(reader: Reader) -> None:
    reader.enter()
    page, clerk = reader.page, Clerk(reader)
    held = page.locator("tbody a[href*='/console/customers/']")
    reader.open("customers?owner=r-sun")
    name = held.nth(1).inner_text()
    reader.open("reps/r-sun")
    clerk.begins("Make handover")
    clerk.finds("owner", "Zhao")
    clerk.fills(id=HANDOVER, reason="She moves to another town")
    clerk.sends()
    clerk.head.get_by_role("button", name="Undo handover").or_(
        clerk.head.get_by_role("link", name="Undo handover")
    ).first.wait_for()
    made = page.url
    reader.open("customers?owner=r-sun")
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()
    page.goto(made)
    clerk.chooses("Undo handover")
    clerk.fills(reason="She stays")
    clerk.sends()
    reader.open("customers?owner=r-sun")
    expect(page.get_by_role("link", name=name)).to_be_visible()
